using System.Net;
using Intercept.Engine.Tests.Tunnels;

namespace Intercept.Proxy.Tests.Forwarding;

/// <summary>Without any session the proxy is a plain proxy to the original pods.</summary>
public sealed class PassThroughTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("PURGE", "/")]
    [InlineData("OPTIONS", "/a//b/./c/../d")]
    [InlineData("GET", "/%c3%B6/%2f%2F/~%7e/a+b")]
    [InlineData("GET", "/?y=[1]&x={2}|3&z=%zz&empty=&%20")]
    public async Task The_target_arrives_byte_for_byte(string method, string target)
    {
        await using var rig = await ProxyRig.StartAsync();

        var answer = await rig.SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: leaf.shop:8080\r\nConnection: close\r\n\r\n");

        Assert.True(answer.By == "decoy", answer.Text);
        Assert.Contains($"decoy {method} {target} leaf.shop:8080 ", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_arrive_as_they_were_sent()
    {
        await using var rig = await ProxyRig.StartAsync();

        var answer = await rig.SendRawAsync(
            "GET /headers HTTP/1.1\r\nHost: leaf\r\nCookie: a=1; b=2\r\ntraceparent: abc\r\nx_under: \r\nX-Two: 1\r\nX-Two: 2\r\nConnection: close\r\n\r\n");

        Assert.True(answer.By == "decoy", answer.Text);
        foreach (var line in new[] { "host: leaf\n", "cookie: a=1; b=2\n", "traceparent: abc\n", "x_under: \n", "x-two: 1, 2" })
        {
            Assert.Contains(line, answer.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("x-forwarded", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_pod_that_breaks_off_is_a_502_that_says_so()
    {
        await using var rig = await ProxyRig.StartAsync();

        using var response = await rig.Client.GetAsync(new Uri("/abort", UriKind.Relative), Cancellation);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal((HttpStatusCode.BadGateway, "decoy-aborted"), (answer.Status, answer.Error));
        Assert.StartsWith("proxy; instance=", answer.ServedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_told_on_a_port_of_its_own()
    {
        await using var rig = await ProxyRig.StartAsync();
        async Task<HttpStatusCode> AskAsync(string path)
        {
            using var response = await rig.Client.GetAsync(new Uri($"http://127.0.0.1:{rig.HealthPort}{path}"), Cancellation);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync("/healthz"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync("/"));
        Assert.Equal(0, rig.Decoy.Requests);
    }

    [Fact]
    public async Task The_control_port_takes_nothing_but_hellos()
    {
        await using var rig = await ProxyRig.StartAsync();
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{rig.ControlPort}/tunnel"), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("malformed", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_proxies_live_in_one_process()
    {
        await using var one = await ProxyRig.StartAsync();
        await using var two = await ProxyRig.StartAsync();

        await one.Client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);

        Assert.Equal((1, 0), (one.Decoy.Requests, two.Decoy.Requests));
    }

    [Fact]
    public async Task A_body_of_unknown_length_passes()
    {
        await using var rig = await ProxyRig.StartAsync();

        var answer = await rig.SendRawAsync(
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");

        Assert.Equal("decoy", answer.By);
        Assert.Contains("hello", answer.Text, StringComparison.Ordinal);
        Assert.Contains("world", answer.Text, StringComparison.Ordinal);
    }
}
