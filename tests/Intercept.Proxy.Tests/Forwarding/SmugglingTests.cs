using Intercept.Engine.Tests.Tunnels;

namespace Intercept.Proxy.Tests.Forwarding;

/// <summary>What could be read in two ways must be refused, or the pods would see another request than the rules did.</summary>
public sealed class SmugglingTests
{
    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n")]
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
    }

    [Fact]
    public async Task With_both_framings_the_chunks_count_and_the_connection_ends()
    {
        await using var rig = await ProxyRig.StartAsync();

        // RFC 9112, 6.3: a server may process it by its Transfer-Encoding, and must close then.
        var answer = await rig.SendRawAsync(
            "POST /headers HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + "GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.DoesNotContain("content-length: 4", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("smuggled", answer.Text, StringComparison.Ordinal);
        Assert.InRange(rig.Decoy.Requests, 0, 1);
    }
}
