using System.Net.Http.Json;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Recording;

public sealed class RecordingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Wire.Http1, "/echo")]
    [InlineData(Wire.Http2, "/echo")]
    [InlineData(Wire.Http2, "/echo-pipes")]
    public async Task A_call_is_kept_with_request_and_answer(Wire wire, string path)
    {
        await using var app = await SampleServer.StartTestServerAsync();
        await using var bench = await TargetBench.StartAsync(app.TestServer);
        using var client = bench.CreateClient(wire);
        client.DefaultRequestHeaders.Add("x-name", ["one", "two"]);
        using var response = await client.PostAsync($"{path}?a=1", JsonContent.Create(new Leaf("oak", 7)), Token);
        _ = await response.Content.ReadAsByteArrayAsync(Token);
        var call = await bench.CompletedCallAsync();

        Assert.Equal((1, "POST", path, "?a=1", 200), (call.Number, call.Method, call.Path, call.Query, call.StatusCode));
        Assert.Equal("one, two", string.Join(", ", call.Headers["X-Name"].SelectMany(value => value!.Split(", "))));
        Assert.Equal(new Leaf("oak", 7), call.BodyAsJson<Leaf>());
        Assert.Equal(new Leaf("oak", 7), call.ResponseBodyAsJson<Leaf>());
        Assert.Equal("{\"name\":\"oak\",\"age\":7}", call.BodyAsText());
        Assert.Equal("127.0.0.1", call.Caller!.Address.ToString());
        Assert.True(call.Duration > TimeSpan.Zero);
        Assert.Null(call.Exception);
        Assert.DoesNotContain(call.Headers.Keys, name => name.StartsWith(':'));
    }

    [Theory]
    [InlineData("/echo")]
    [InlineData("/echo-pipes")]
    public async Task A_longer_body_is_passed_on_whole_and_kept_up_to_the_bound(string path)
    {
        const int Bound = 1000;
        var sent = Enumerable.Range(0, 100_000).Select(number => (byte)number).ToArray();
        await using var app = await SampleServer.StartTestServerAsync();
        await using var bench = await TargetBench.StartAsync(app.TestServer, maxBodyBytes: Bound);
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.PostAsync(path, new ByteArrayContent(sent), Token);

        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync(Token));
        var call = await bench.CompletedCallAsync();
        Assert.Equal(sent[..Bound], call.Body.ToArray());
        Assert.Equal(sent[..Bound], call.ResponseBody.ToArray());
        Assert.True(call.BodyTruncated && call.ResponseBodyTruncated);
        Assert.Contains("MaxRecordedBodyBytes", Assert.Throws<InterceptException>(() => call.BodyAsJson<Leaf>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_in_flight_shows_what_there_is_of_it()
    {
        await using var app = await SampleServer.StartTestServerAsync();
        await using var bench = await TargetBench.StartAsync(app.TestServer);
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        await app.Signals.Events.Writer.WriteAsync("one", Token);
        Assert.Equal("data: one", await reader.ReadLineAsync(Token));
        var before = Assert.Single(bench.Log.Snapshot());

        Assert.False(before.Completed);
        Assert.Equal(200, before.StatusCode);
        Assert.Equal("text/event-stream", before.ResponseHeaders["content-type"].ToString());
        Assert.Equal("data: one\n\n", before.ResponseBodyAsText());
        Assert.Contains("in flight", before.ToString(), StringComparison.Ordinal);
        app.Signals.Events.Writer.Complete();
        Assert.True((await bench.CompletedCallAsync()).Completed);
        Assert.False(before.Completed);
    }

    [Fact]
    public async Task Of_many_calls_the_latest_are_kept()
    {
        await using var app = await SampleServer.StartTestServerAsync();
        await using var bench = await TargetBench.StartAsync(app.TestServer, maxCalls: 3);
        using var client = bench.CreateClient(Wire.Http2);
        for (var number = 0; number < 5; number++)
        {
            _ = await client.GetStringAsync($"/hello?{number}", Token);
        }

        Assert.Equal(["?2", "?3", "?4"], bench.Log.Snapshot().Select(call => call.Query));
        Assert.Equal(2, bench.Log.Dropped);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_shown_in_the_message()
    {
        await using var app = await SampleServer.StartTestServerAsync();
        await using var bench = await TargetBench.StartAsync(app.TestServer);
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.PostAsync("/echo", new StringContent("not json"), Token);
        var call = await bench.CompletedCallAsync();

        var failure = Assert.Throws<InterceptException>(() => call.BodyAsJson<Leaf>());
        Assert.Contains("POST /echo", failure.Message, StringComparison.Ordinal);
        Assert.Contains("not json", failure.Message, StringComparison.Ordinal);
    }

    private sealed record Leaf(string Name, int Age);
}
