using System.Net;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Tests.Tunnels;

public sealed class TunnelLossTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broken_tunnel_is_attached_again_with_all_its_routes()
    {
        await using var rig = await TunnelRig.StartAsync();
        var second = new SampleApp("second");
        await rig.Tunnel.AddRouteAsync(HeaderRule.Create("x-test", "test-2"), second.InvokeAsync, Cancellation);
        var removed = await rig.Tunnel.AddRouteAsync(HeaderRule.Create("x-test", "test-3"), second.InvokeAsync, Cancellation);
        await removed.DisposeAsync();
        var token = rig.Tunnel.Proxy.Token;

        for (var round = 1; round <= 3; round++)
        {
            rig.Dial.Cut();

            // Held until the tunnel is back.
            Assert.Equal("target", (await rig.SendAfterCutAsync()).By);
            Assert.Equal("second", (await rig.SendAsync(value: "test-2")).By);
            Assert.Equal("decoy", (await rig.SendAsync(value: "test-3")).By);
            Assert.Equal(1 + round, rig.Dial.Attempts);
        }

        Assert.NotEqual(token, rig.Tunnel.Proxy.Token);
        Assert.Equal(2, (await rig.Tunnel.GetStatusAsync(Cancellation)).Session.Routes);
    }

    [Fact]
    public async Task Without_the_tunnel_matched_requests_fail_and_others_do_not_notice()
    {
        await using var rig = await TunnelRig.StartAsync();
        rig.Dial.IsDown = true;
        rig.Dial.Cut();

        var matched = rig.SendAfterCutAsync();
        var unmatched = await rig.SendAsync(value: null);

        Assert.Equal("decoy", unmatched.By);
        var lost = await matched;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.Status);
        Assert.Equal("tunnel-lost", lost.Error);
        Assert.Contains("Start the test again", lost.Body, StringComparison.Ordinal);

        rig.Dial.IsDown = false;
        Assert.Equal("target", (await rig.SendUntilAsync(answer => answer.By is not null)).By);
        Assert.True((await rig.Tunnel.GetStatusAsync(Cancellation)).Session.Lost > 0);
    }

    [Fact]
    public async Task Where_the_hello_says_so_the_original_pods_answer_instead()
    {
        await using var rig = await TunnelRig.StartAsync(options => options with { WhenLost = WhenLost.PassThrough });
        rig.Dial.IsDown = true;
        rig.Dial.Cut();

        var answer = await rig.SendAfterCutAsync();

        Assert.Equal("decoy", answer.By);
        Assert.Equal("cluster; via=interceptor-leaf-0; because=tunnel-lost", answer.ServedBy);
        rig.Dial.IsDown = false;
        Assert.Equal("target", (await rig.SendUntilAsync(found => found.By == "target")).By);
        Assert.True((await rig.Tunnel.GetStatusAsync(Cancellation)).Session.PassedWhenLost > 0);
    }

    [Fact]
    public async Task A_request_in_flight_ends_as_an_error_and_never_cleanly()
    {
        await using var rig = await TunnelRig.StartAsync();
        var beforeHead = rig.SendAsync("/gate");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Add("x-test", "1");
        using var afterHead = await rig.Proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        while (rig.Target.Requests < 2)
        {
            await Task.Delay(10, Cancellation);
        }

        rig.Dial.Cut();

        var answer = await beforeHead;
        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("tunnel-lost", answer.Error);
        await Assert.ThrowsAsync<HttpRequestException>(() => afterHead.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Rules_are_off_when_nobody_came_back_in_time()
    {
        await using var rig = await TunnelRig.StartAsync(options => options with
        {
            TimeToLive = TimeSpan.FromMilliseconds(200),
            ReattachLimit = TimeSpan.FromMilliseconds(100),
        });
        rig.Dial.IsDown = true;
        rig.Dial.Cut();

        // Held at first, then the session is over and the request goes the way of all others.
        Assert.Equal("decoy", (await rig.SendAfterCutAsync()).By);
        var lost = await Assert.ThrowsAsync<InterceptException>(() => rig.Tunnel.Lost.WaitAsync(Cancellation));
        Assert.Contains("intercept-shop-leaf", lost.Message, StringComparison.Ordinal);
        Assert.Contains("The network is down.", lost.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InterceptException>(() => rig.Tunnel.GetStatusAsync(Cancellation));
    }

    [Fact]
    public async Task A_session_that_was_given_up_by_the_proxy_can_attach_again()
    {
        await using var rig = await TunnelRig.StartAsync(options => options with { TimeToLive = TimeSpan.FromMilliseconds(50) });
        rig.Dial.IsDown = true;
        rig.Dial.Cut();
        Assert.Equal("decoy", (await rig.SendAfterCutAsync()).By);

        rig.Dial.IsDown = false;

        Assert.Equal("target", (await rig.SendUntilAsync(answer => answer.By == "target")).By);
        Assert.False(rig.Tunnel.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_connection_that_only_the_proxy_believes_in_is_replaced()
    {
        await using var proxy = await ProxyRig.StartAsync();
        var dial = new HalfDeadDial(proxy.DialControlAsync);
        var target = new SampleApp("target");
        await using var tunnel = await Tunnel.ConnectAsync(
            new TunnelOptions { SessionName = "s", Claim = TunnelRig.Rule }, dial.DialAsync, TimeProvider.System, Cancellation);
        await tunnel.AddRouteAsync(TunnelRig.Rule, target.InvokeAsync, Cancellation);

        dial.Die();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("x-test", "1");
        while (dial.Attempts < 2)
        {
            await Task.Delay(10, Cancellation);
        }

        using var response = await proxy.Client.SendAsync(request, Cancellation);
        Assert.Equal("target", (await Answer.ReadAsync(response)).By);
    }
}
