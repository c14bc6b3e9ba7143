using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Targets;

public sealed class HandlerTargetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task The_handler_gets_the_request_as_the_caller_sent_it(Wire wire)
    {
        HttpRequestMessage? seen = null;
        string? body = null;
        using var handler = new StubHandler(async (request, token) =>
        {
            seen = request;
            body = await request.Content!.ReadAsStringAsync(token);
            return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = new StringContent("taken") };
        });
        await using var bench = await TargetBench.StartAsync(handler);
        using var client = bench.CreateClient(wire);
        using var sent = new HttpRequestMessage(HttpMethod.Put, "/a%20b/c?x=%2F&y")
        {
            Version = wire.Version(),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("{\"a\":1}", Encoding.UTF8, "application/json"),
        };
        sent.Headers.Host = "leaf.shop:3010";
        sent.Headers.Add("x-many", ["one", "two"]);
        sent.Headers.Add("authorization", "Bearer secret");
        using var response = await client.SendAsync(sent, Token);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("taken", await response.Content.ReadAsStringAsync(Token));
        Assert.NotNull(seen);
        Assert.Equal(HttpMethod.Put, seen.Method);
        Assert.Equal("http://leaf.shop:3010/a%20b/c?x=%2F&y", seen.RequestUri!.AbsoluteUri);
        Assert.Equal("leaf.shop:3010", seen.Headers.Host);
        Assert.Equal("one, two", string.Join(", ", seen.Headers.GetValues("x-many")));
        Assert.Equal("Bearer secret", seen.Headers.Authorization!.ToString());
        Assert.Equal("application/json", seen.Content!.Headers.ContentType!.MediaType);
        Assert.Equal("{\"a\":1}", body);
        Assert.Empty(seen.Headers.Connection);
    }

    [Fact]
    public async Task The_answer_comes_back_with_its_headers_trailers_and_without_those_of_the_connection()
    {
        using var handler = new StubHandler((_, _) =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("body") };
            answer.Headers.Add("x-answer", ["one", "two"]);
            answer.Headers.Add("x-hop", "one");
            answer.Headers.Connection.Add("x-hop");
            answer.Headers.TransferEncodingChunked = true;
            answer.TrailingHeaders.Add("x-after", "the end");
            return Task.FromResult(answer);
        });
        await using var bench = await TargetBench.StartAsync(handler);
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.GetAsync("/", Token);

        Assert.Equal("body", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(["one", "two"], response.Headers.GetValues("x-answer"));
        Assert.False(response.Headers.Contains("x-hop"));
        Assert.Equal("the end", Assert.Single(response.TrailingHeaders.GetValues("x-after")));
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2)]
    public async Task A_body_without_end_is_streamed_as_it_comes(Wire wire)
    {
        var pipe = new System.IO.Pipelines.Pipe();
        using var handler = new StubHandler((_, _) => Task.FromResult(new HttpResponseMessage
        {
            Content = new StreamContent(pipe.Reader.AsStream()) { Headers = { ContentType = new MediaTypeHeaderValue("text/event-stream") } },
        }));
        await using var bench = await TargetBench.StartAsync(handler);
        using var client = bench.CreateClient(wire);
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        await pipe.Writer.WriteAsync("data: one\n"u8.ToArray(), Token);

        Assert.Equal("data: one", await reader.ReadLineAsync(Token));
        await pipe.Writer.CompleteAsync();
        Assert.Null(await reader.ReadLineAsync(Token));
    }

    [Fact]
    public async Task An_exception_is_500_to_the_caller_and_recorded_for_the_test()
    {
        using var handler = new StubHandler((_, _) => throw new InvalidOperationException("the handler's own trouble"));
        await using var bench = await TargetBench.StartAsync(handler);
        using var client = bench.CreateClient(Wire.Http2);
        using var response = await client.GetAsync("/", Token);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("the handler's own trouble", (await bench.CompletedCallAsync()).Exception!.Message);
    }

    [Fact]
    public async Task An_upgrade_is_refused_with_advice()
    {
        using var handler = new StubHandler((_, _) => Task.FromResult(new HttpResponseMessage()));
        await using var bench = await TargetBench.StartAsync(handler);
        using var socket = new System.Net.WebSockets.ClientWebSocket();

        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(
            () => socket.ConnectAsync(new UriBuilder(bench.Address(Wire.Http1)) { Scheme = "ws" }.Uri, Token));
        Assert.Contains("use a TestServer or a Uri", (await bench.CompletedCallAsync()).Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_handler_stays_its_owners()
    {
        using var handler = new StubHandler((_, _) => Task.FromResult(new HttpResponseMessage()));
        await using (await TargetBench.StartAsync(handler))
        {
        }

        Assert.False(handler.IsDisposed);
    }

    private sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
