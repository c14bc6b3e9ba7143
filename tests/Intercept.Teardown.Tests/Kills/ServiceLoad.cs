using System.Collections.Concurrent;
using System.Globalization;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Unmatched requests through a Service all the time: on a connection that is kept, and on a new one each.</summary>
internal sealed class ServiceLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentBag<string> _failures = [];
    private readonly Task _running;
    private int _sent;

    public ServiceLoad(KillWorld world, string service) => _running = Task.WhenAll(
        RunAsync(world.CreateCaller(service, Timeout.InfiniteTimeSpan), "kept", _ended.Token),
        RunAsync(world.CreateCaller(service, TimeSpan.Zero), "fresh", _ended.Token));

    /// <summary>Ends the load.</summary>
    /// <returns>How many requests there were, and which did not get the one answer that they should.</returns>
    public async Task<(int Requests, IReadOnlyCollection<string> Failures)> EndAsync()
    {
        await _ended.CancelAsync();
        await _running;
        return (_sent, _failures);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
    }

    private async Task RunAsync(HttpClient client, string kind, CancellationToken cancellationToken)
    {
        using (client)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await AskAsync(client, $"{kind}-{Guid.NewGuid():N}");

                // The pace of a caller that has other things to do: the load is there to notice, not to wear down.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task AskAsync(HttpClient client, string id)
    {
        Interlocked.Increment(ref _sent);
        try
        {
            using var response = await client.GetAsync(new Uri($"once/{id}", UriKind.Relative), CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
            if (!response.IsSuccessStatusCode || body != $"{id} 1")
            {
                Note(id, $"{(int)response.StatusCode} {body}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            Note(id, $"{exception.Message} {exception.InnerException?.Message}");
        }
    }

    private void Note(string id, string what) =>
        _failures.Add(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {id}: {what}"));
}
