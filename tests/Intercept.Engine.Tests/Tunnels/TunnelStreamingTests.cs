using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Intercept.Engine.Tests.Tunnels;

public sealed class TunnelStreamingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1", "target")]
    [InlineData(null, "decoy")]
    public async Task The_head_of_an_event_stream_comes_before_its_first_event(string? value, string expected)
    {
        await using var rig = await TunnelRig.StartAsync();
        using var request = Request(HttpMethod.Get, "/events", value);

        using var response = await rig.Proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(expected, response.Headers.GetValues(SampleApp.AnsweredBy).Single());
        rig.Target.Gate.TrySetResult();
        rig.Proxy.Decoy.Gate.TrySetResult();
        Assert.Equal("data: first\n\n", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("1", "target")]
    [InlineData(null, "decoy")]
    public async Task Twenty_megabytes_arrive_unchanged_both_ways(string? value, string expected)
    {
        await using var rig = await TunnelRig.StartAsync();
        var bytes = Bytes.Create(20_000_000);

        var up = await rig.SendAsync("/hash", value, content: new ByteArrayContent(bytes));
        using var request = Request(HttpMethod.Get, "/bytes?count=20000000", value);
        using var down = await rig.Proxy.Client.SendAsync(request, Cancellation);

        Assert.Equal(expected, up.By);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)), up.Body);
        Assert.Equal(expected, down.Headers.GetValues(SampleApp.AnsweredBy).Single());
        Assert.Equal(bytes, await down.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Uploads_that_nobody_reads_do_not_stop_others()
    {
        await using var rig = await TunnelRig.StartAsync();
        var megabyte = Bytes.Create(1_000_000);
        var unread = Enumerable.Range(0, 60).Select(_ => rig.SendAsync("/gate", content: new ByteArrayContent(megabyte))).ToArray();
        while (rig.Target.Requests < unread.Length)
        {
            await Task.Delay(10, Cancellation);
        }

        var small = await rig.SendAsync();
        var large = await rig.SendAsync("/hash", content: new ByteArrayContent(Bytes.Create(5_000_000)));

        Assert.Equal("target", small.By);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Bytes.Create(5_000_000))), large.Body);
        Assert.DoesNotContain(unread, upload => upload.IsCompleted);
        rig.Target.Gate.TrySetResult();
        Assert.All(await Task.WhenAll(unread), answer => Assert.Equal("target", answer.By));
    }

    [Theory]
    [InlineData("1", "target")]
    [InlineData(null, "decoy")]
    public async Task WebSockets_echo_and_close(string? value, string expected)
    {
        await using var rig = await TunnelRig.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (value is not null)
        {
            socket.Options.SetRequestHeader("x-test", value);
        }

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Proxy.HttpPort}/ws"), Cancellation);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Cancellation);

        Assert.Equal(expected, socket.HttpResponseHeaders![SampleApp.AnsweredBy].Single());
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Theory]
    [InlineData("1", "target")]
    [InlineData(null, "decoy")]
    public async Task Http2_streams_both_ways_at_once_and_keeps_trailers(string? value, string expected)
    {
        await using var rig = await TunnelRig.StartAsync();
        using var client = rig.Proxy.CreateClient(http2: true);
        var content = new DuplexContent();
        using var request = Request(HttpMethod.Post, "/echo", value, content, HttpVersion.Version20);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        Assert.Equal(expected, response.Headers.GetValues(SampleApp.AnsweredBy).Single());
        foreach (var word in new[] { "one", "two", "three" })
        {
            await content.WriteAsync(word);
            var buffer = new byte[word.Length];
            await body.ReadExactlyAsync(buffer, Cancellation);
            Assert.Equal(word, Encoding.UTF8.GetString(buffer));
        }

        content.Complete();
        Assert.Equal(0, await body.ReadAsync(new byte[1], Cancellation));

        using var trailing = await client.SendAsync(Request(HttpMethod.Get, "/trailers", value, version: HttpVersion.Version20), Cancellation);
        Assert.Equal("body", await trailing.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("end", trailing.TrailingHeaders.GetValues("x-trailer").Single());
    }

    [Fact]
    public async Task An_exception_of_the_handler_is_a_500_for_the_caller()
    {
        await using var rig = await TunnelRig.StartAsync();

        var answer = await rig.SendAsync("/throw");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.StartsWith("intercept; session=intercept-shop-leaf;", answer.ServedBy, StringComparison.Ordinal);
        Assert.Null(answer.Error);
    }

    [Fact]
    public async Task A_handler_that_aborts_is_told_apart_from_a_lost_tunnel()
    {
        await using var rig = await TunnelRig.StartAsync();

        var answer = await rig.SendAsync("/abort");

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("target-aborted", answer.Error);
        Assert.Equal("target", (await rig.SendAsync()).By);
    }

    [Fact]
    public async Task A_caller_that_leaves_cancels_the_handler()
    {
        await using var rig = await TunnelRig.StartAsync();
        using var leave = new CancellationTokenSource();
        var call = rig.Proxy.Client.SendAsync(Request(HttpMethod.Get, "/hang", "1"), leave.Token);
        await rig.Target.Arrived.Task.WaitAsync(Cancellation);

        await leave.CancelAsync();

        await rig.Target.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? value, HttpContent? content = null, Version? version = null)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = content,
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("x-test", value is null ? [] : [value]);
        return request;
    }
}
