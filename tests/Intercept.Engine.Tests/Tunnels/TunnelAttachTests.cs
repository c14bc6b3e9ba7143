using System.Net.Sockets;
using System.Text;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Tests.Tunnels;

public sealed class TunnelAttachTests
{
    private static readonly TunnelOptions Options = new() { SessionName = "intercept-shop-leaf", Claim = TunnelRig.Rule };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_welcome_tells_who_the_proxy_is()
    {
        await using var rig = await TunnelRig.StartAsync();

        Assert.Equal("interceptor-leaf-0", rig.Tunnel.Proxy.Pod);
        Assert.Equal(16, rig.Tunnel.Proxy.Instance.Length);
        Assert.Equal(64, rig.Tunnel.Proxy.Token.Length);
    }

    [Fact]
    public async Task Another_version_is_refused_with_advice()
    {
        await using var proxy = await ProxyRig.StartAsync();

        var refused = await Assert.ThrowsAsync<TunnelRefusedException>(() => ConnectAsync(proxy, Options with { Contract = 2 }));

        Assert.Equal("version", refused.Problem.Code);
        Assert.Contains("one version of Intercept", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_can_not_take_a_session_over_while_it_is_attached_or_lost()
    {
        await using var rig = await TunnelRig.StartAsync();

        var whileAttached = await Assert.ThrowsAsync<TunnelRefusedException>(() => ConnectAsync(rig.Proxy, Options));
        rig.Dial.IsDown = true;
        rig.Dial.Cut();
        Assert.Equal("tunnel-lost", (await rig.SendAfterCutAsync()).Error);
        var whileLost = await Assert.ThrowsAsync<TunnelRefusedException>(() => ConnectAsync(rig.Proxy, Options));

        Assert.Equal("token", whileAttached.Problem.Code);
        Assert.Equal("token", whileLost.Problem.Code);
    }

    [Fact]
    public async Task Another_Session_that_has_the_name_of_a_deleted_one_is_let_in_while_the_proxy_still_waits_for_that()
    {
        await using var rig = await TunnelRig.StartAsync(options => options with { SessionUid = "first" });
        rig.Dial.IsDown = true;
        rig.Dial.Cut();
        Assert.Equal("tunnel-lost", (await rig.SendAfterCutAsync()).Error);

        var rule = HeaderRule.Create("X-Test", "2");
        var target = new SampleApp("next");
        await using var next = await ConnectAsync(rig.Proxy, Options with { SessionUid = "second", Claim = rule });
        await next.AddRouteAsync(rule, target.InvokeAsync, Cancellation);

        Assert.Equal("next", (await rig.SendAsync(value: "2")).By);
        Assert.Equal("tunnel-lost", (await rig.SendAsync()).Error);
    }

    [Fact]
    public async Task The_right_token_does_not_attach_twice_and_an_old_one_not_at_all()
    {
        await using var proxy = await ProxyRig.StartAsync();
        await using var first = await ConnectAsync(proxy, Options);
        var current = first.Proxy.Token;

        Assert.StartsWith("HTTP/1.1 409 ", await HelloAsync(proxy, current), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 ", await HelloAsync(proxy, new string('0', 64)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-intercept-token: 12", "x-intercept-token must be 64")]
    [InlineData("x-intercept-claim: nothing", "x-intercept-claim must be")]
    [InlineData("x-intercept-ttl-ms: -5", "x-intercept-ttl-ms must be a number")]
    [InlineData("x-intercept-when-lost: maybe", "x-intercept-when-lost must be")]
    [InlineData("x-intercept-attach: never", "x-intercept-attach must be")]
    public async Task A_malformed_hello_is_refused(string replacement, string expected)
    {
        await using var proxy = await ProxyRig.StartAsync();

        var answer = await HelloAsync(proxy, new string('a', 64), replacement);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_another_session_has_is_refused()
    {
        await using var rig = await TunnelRig.StartAsync();
        await using var other = await ConnectAsync(rig.Proxy, Options with { SessionName = "other" });

        var refused = await Assert.ThrowsAsync<TunnelRefusedException>(
            () => other.AddRouteAsync(HeaderRule.Create("x-TEST", "1"), new SampleApp("other").InvokeAsync, Cancellation));

        Assert.Equal("claimed", refused.Problem.Code);
        Assert.Contains("intercept-shop-leaf", refused.Message, StringComparison.Ordinal);
        Assert.Equal("target", (await rig.SendAsync()).By);
    }

    [Theory]
    [InlineData("X-Test", "2")]
    [InlineData("X-Test", "TEST-1")]
    [InlineData("X-Other", "1")]
    public async Task A_rule_outside_the_claim_is_refused(string name, string value)
    {
        await using var rig = await TunnelRig.StartAsync();

        var refused = await Assert.ThrowsAsync<TunnelRefusedException>(
            () => rig.Tunnel.AddRouteAsync(HeaderRule.Create(name, value), rig.Target.InvokeAsync, Cancellation));

        Assert.Equal("outside-claim", refused.Problem.Code);
    }

    [Fact]
    public async Task A_session_can_not_have_the_same_rule_twice_or_all_traffic_without_claiming_it()
    {
        await using var rig = await TunnelRig.StartAsync();

        var twice = await Assert.ThrowsAsync<TunnelRefusedException>(
            () => rig.Tunnel.AddRouteAsync(TunnelRig.Rule, rig.Target.InvokeAsync, Cancellation));
        var all = await Assert.ThrowsAsync<TunnelRefusedException>(
            () => rig.Tunnel.AddRouteAsync(HeaderRule.AllTraffic, rig.Target.InvokeAsync, Cancellation));

        Assert.Equal("claimed", twice.Problem.Code);
        Assert.Equal("outside-claim", all.Problem.Code);
        Assert.Equal("decoy", (await rig.SendAsync(value: null)).By);
    }

    [Fact]
    public async Task Something_that_is_no_proxy_is_named_as_such()
    {
        await using var proxy = await ProxyRig.StartAsync();

        var failed = await Assert.ThrowsAsync<InterceptException>(() => Tunnel.ConnectAsync(
            Options, async token => await ProxyRig.DialAsync(proxy.HealthPort, token), TimeProvider.System, Cancellation));

        Assert.Contains("Is another program listening there?", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_port_that_never_answers_is_given_up()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        var failed = await Assert.ThrowsAsync<InterceptException>(() => Tunnel.ConnectAsync(
            Options with { AttachTimeout = TimeSpan.FromMilliseconds(100) }, async token => await ProxyRig.DialAsync(port, token), TimeProvider.System, Cancellation));

        Assert.Contains("took longer than 0.1 s", failed.Message, StringComparison.Ordinal);
    }

    private static Task<Tunnel> ConnectAsync(ProxyRig proxy, TunnelOptions options) =>
        Tunnel.ConnectAsync(options, proxy.DialControlAsync, TimeProvider.System, Cancellation);

    private static async Task<string> HelloAsync(ProxyRig proxy, string token, string? replacement = null)
    {
        string[] headers =
        [
            "x-intercept-contract: 1", "x-intercept-session: intercept-shop-leaf", $"x-intercept-token: {token}", "x-intercept-claim: x-test:1",
            "x-intercept-when-lost: fail", "x-intercept-ttl-ms: 1000", "x-intercept-ping-timeout-ms: 1000", "x-intercept-attach: first",
        ];
        var sent = headers.Select(header => replacement is not null && header.Split(':')[0] == replacement.Split(':')[0] ? replacement : header);
        await using var stream = await proxy.DialControlAsync(Cancellation);
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"POST /tunnel HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: intercept-tunnel/1\r\n{string.Join("\r\n", sent)}\r\n\r\n"),
            Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
