using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Intercept.Teardown.Tests.Kills;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>Sends one request after the other through a Service.</summary>
/// <param name="world">Where the Service is.</param>
/// <param name="service">Its name.</param>
/// <param name="books">Keeps the books.</param>
/// <param name="isKept">Whether the connection is kept; else each request has a new one.</param>
/// <param name="mark">The header value of its requests; null where they are not marked.</param>
internal sealed class HttpCaller(KillWorld world, string service, LoadBooks books, bool isKept, string? mark)
{
    private const int BodySize = 1024 * 1024;
    private const int RequestsPerBody = 100;

    // Who keeps a connection for ever never meets an intercept.
    private const int MostEarlyAnswers = 20;

    private readonly byte[] _body = RandomNumberGenerator.GetBytes(BodySize);
    private LoadConnection? _connection;

    /// <summary>Sends until it is cancelled; the last request is still answered.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var client = new HttpMessageInvoker(world.CreateCallerHandler(
                service, isKept ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, () => _connection = new LoadConnection(books.Phase)));
            do
            {
                await CallAsync(client);
            }
            while (!cancellationToken.IsCancellationRequested && _connection?.EarlyAnswers < MostEarlyAnswers);
        }
    }

    private async Task CallAsync(HttpMessageInvoker client)
    {
        var id = books.Next();
        var hasBody = id % RequestsPerBody == 0;
        using var request = new HttpRequestMessage(
            hasBody ? HttpMethod.Post : HttpMethod.Get,
            new Uri(KillWorld.Address(service), string.Create(CultureInfo.InvariantCulture, $"ledger/{(hasBody ? "post" : "get")}/{id}")));
        if (mark is not null)
        {
            request.Headers.TryAddWithoutValidation(HeaderRule.DefaultName, mark);
        }

        if (hasBody)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_body, id);
            request.Content = new ByteArrayContent(_body);
        }

        try
        {
            using var response = await client.SendAsync(request, CancellationToken.None);
            var answer = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            if (!response.IsSuccessStatusCode)
            {
                books.Lose(id, $"{request.Method} was answered with {response}");
                return;
            }

            Judge(id, response);
            if (hasBody)
            {
                var hash = SHA256.HashData(_body);
                books.JudgeBody(id, SHA256.HashData(answer).SequenceEqual(hash) && response.Headers.GetValues(Ledger.HashHeader).Single() == Convert.ToHexString(hash));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            books.Lose(id, $"{request.Method} failed: {exception.Message} {exception.InnerException?.Message}");
        }
    }

    private void Judge(long id, HttpResponseMessage response)
    {
        var now = books.Phase;
        var early = _connection!.EarlyAnswers;
        var expected = _connection.Answered(now);
        if (mark is not null && _connection.EarlyAnswers > early)
        {
            books.CountEarly();
        }

        books.Judge(
            id,
            response.Headers.GetValues(Ledger.WhoHeader).Single(),
            mark is null ? Expected.Original : expected,
            response.Headers.GetValues(Ledger.CountHeader).Single());
    }
}
