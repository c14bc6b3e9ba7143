using Intercept.Engine.Tests.Tunnels;

namespace Intercept.Proxy.Tests.Forwarding;

/// <summary>What could be read in two ways must be refused, or the pods would see another request than the rules did.</summary>
public sealed class SmugglingTests
{
    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nx-test : 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nx-a: 1\r\n x-folded: 2\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nx-a: 1\u00002\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nx-a: 1\r2\r\n\r\n")]
    public async Task A_request_that_is_not_clear_is_refused(string request)
    {
        await using var rig = await ProxyRig.StartAsync();

        var answer = await rig.SendRawAsync(request);

        Assert.Matches("^HTTP/1.1 (400|501) ", answer.Status);
        Assert.Null(answer.By);
        Assert.Equal(0, rig.Decoy.Requests);
    }

    [Fact]
    public async Task A_bad_chunk_is_the_caller_s_fault()
    {
        await using var rig = await ProxyRig.StartAsync();

        var answer = await rig.SendRawAsync("POST /hash HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer.Status, StringComparison.Ordinal);
        Assert.Contains("x-intercept-error: bad-request", answer.Text, StringComparison.Ordinal);
        Assert.Null(answer.By);
    }
}
