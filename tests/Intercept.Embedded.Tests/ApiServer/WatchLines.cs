using System.Text.Json.Nodes;

namespace Intercept.Embedded.Tests.ApiServer;

/// <summary>An open watch, line by line.</summary>
internal sealed class WatchLines : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private WatchLines(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    public static async Task<WatchLines> OpenAsync(TestApi api, string path)
    {
        var response = await api.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestApi.Token);
        response.EnsureSuccessStatusCode();
        return new(response, await response.Content.ReadAsStreamAsync(TestApi.Token));
    }

    public async Task<JsonObject> NextAsync() =>
        await NextOrEndAsync() ?? throw new InvalidOperationException("The watch ended where another event was due.");

    public async Task<JsonObject?> NextOrEndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestApi.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        return await _reader.ReadLineAsync(limit.Token) is { } line ? JsonNode.Parse(line)!.AsObject() : null;
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
