using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Intercept.Testing.Targets;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Targets;

public sealed class TestServerTargetTests : IAsyncLifetime
{
    private SampleServer _app = null!;
    private TargetBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await SampleServer.StartTestServerAsync();
        _bench = await TargetBench.StartAsync(_app.TestServer);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task A_get_is_answered_by_the_application(Wire wire)
    {
        using var client = _bench.CreateClient(wire);
        client.DefaultRequestHeaders.Add("x-name", "world");

        Assert.Equal("hello world", await client.GetStringAsync("/hello", Token));
    }

    [Theory]
    [InlineData(Wire.Http1, "HTTP/1.1")]
    [InlineData(Wire.Http2, "HTTP/2")]
    public async Task The_application_sees_protocol_host_raw_target_caller_and_repeated_headers(Wire wire, string protocol)
    {
        using var client = _bench.CreateClient(wire);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/facts?a=%2F&b=1") { Version = wire.Version(), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Host = "leaf.shop:3010";
        request.Headers.Add("x-many", ["one", "two"]);
        using var response = await client.SendAsync(request, Token);
        var facts = await response.Content.ReadFromJsonAsync<SampleApp.Facts>(Token);

        Assert.NotNull(facts);
        Assert.Equal(protocol, facts.Protocol);
        Assert.Equal("leaf.shop:3010", facts.Host);
        Assert.Equal("/facts?a=%2F&b=1", facts.RawTarget);
        Assert.Equal(IPAddress.Loopback.ToString(), facts.Remote);
        Assert.InRange(facts.Many, 1, 2);
    }

    [Theory]
    [InlineData(Wire.Http1, "/echo")]
    [InlineData(Wire.Http2, "/echo")]
    [InlineData(Wire.Http1, "/echo-pipes")]
    [InlineData(Wire.Http2, "/echo-pipes")]
    public async Task A_body_of_5_MB_comes_back_whole(Wire wire, string path)
    {
        var sent = RandomNumberGenerator.GetBytes(5_000_000);
        using var client = _bench.CreateClient(wire);

        // HttpClient reads the answer while it still sends only for content of a foreign type, and an echo needs that.
        using var response = await client.PostAsync(path, new RequestBodyContent(new MemoryStream(sent), Token), Token);

        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Trailers_arrive()
    {
        using var client = _bench.CreateClient(Wire.Http2);
        using var response = await client.GetAsync("/trailers", Token);

        Assert.Equal("body", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("the end", Assert.Single(response.TrailingHeaders.GetValues("x-after")));
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task An_event_stream_arrives_event_by_event(Wire wire)
    {
        using var client = _bench.CreateClient(wire);
        using var response = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        foreach (var name in (string[])["one", "two"])
        {
            await _app.Signals.Events.Writer.WriteAsync(name, Token);

            // The next event is only sent once this one is here: had anything kept it back, this would wait for ever.
            Assert.Equal($"data: {name}", await reader.ReadLineAsync(Token));
            Assert.Equal(string.Empty, await reader.ReadLineAsync(Token));
        }

        _app.Signals.Events.Writer.Complete();
        Assert.Null(await reader.ReadLineAsync(Token));
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task A_caller_that_goes_away_cancels_the_application(Wire wire)
    {
        using var client = _bench.CreateClient(wire);
        using var leaving = new CancellationTokenSource();
        var call = client.GetAsync("/hang", leaving.Token);
        await _app.Signals.Arrived.Task.WaitAsync(Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _app.Signals.Aborted.Task.WaitAsync(Token);
        var recorded = await _bench.CompletedCallAsync();
        Assert.Null(recorded.StatusCode);
        Assert.IsAssignableFrom<OperationCanceledException>(recorded.Exception);
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task An_application_that_aborts_never_looks_like_a_clean_end(Wire wire)
    {
        using var client = _bench.CreateClient(wire);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/abort", Token));
    }

    [Fact]
    public async Task A_stream_reset_reaches_the_caller_and_the_request_stays_the_applications_own()
    {
        using var client = _bench.CreateClient(Wire.Http2);
        var failure = await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/reset", Token));

        var protocol = Assert.IsType<HttpProtocolException>(failure.InnerException);
        Assert.Equal(11, protocol.ErrorCode);
        Assert.Equal("/reset", await _app.Signals.AfterReset.Task.WaitAsync(Token));
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task An_exception_is_500_to_the_caller_and_recorded_for_the_test(Wire wire)
    {
        using var client = _bench.CreateClient(wire);
        using var response = await client.GetAsync("/throw", Token);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var recorded = await _bench.CompletedCallAsync();
        Assert.Equal("the target's own trouble", Assert.IsType<InvalidOperationException>(recorded.Exception).Message);
        Assert.Equal(500, recorded.StatusCode);
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task A_hundred_calls_at_once_each_get_their_own_answer(Wire wire)
    {
        using var client = _bench.CreateClient(wire);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/hello") { Version = wire.Version(), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Add("x-name", $"{number}");
            using var response = await client.SendAsync(request, Token);
            return await response.Content.ReadAsStringAsync(Token);
        }));

        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"hello {number}"), answers);
        Assert.Equal(100, _bench.Log.Snapshot().Count);
    }
}
