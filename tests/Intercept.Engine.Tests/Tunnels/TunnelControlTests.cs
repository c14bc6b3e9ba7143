using System.Net;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tests.Tunnels;

public sealed class TunnelControlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_proxy_proves_that_it_reaches_the_decoy_without_a_request()
    {
        await using var rig = await TunnelRig.StartAsync();

        var probe = await rig.Tunnel.ProbeDecoyAsync(Cancellation);

        Assert.True(probe.Succeeded);
        Assert.Equal(["http", "grpc", "tcp"], probe.Ports.Select(port => port.Port));
        Assert.Equal(0, rig.Proxy.Decoy.Requests);
    }

    [Fact]
    public async Task A_decoy_that_is_not_there_shows_in_the_probe_and_in_answers()
    {
        await using var proxy = await ProxyRig.StartAsync(deadDecoyPort: 1);
        await using var tunnel = await Tunnel.ConnectAsync(
            new TunnelOptions { SessionName = "s", Claim = TunnelRig.Rule }, proxy.DialControlAsync, TimeProvider.System, Cancellation);

        var probe = await tunnel.ProbeDecoyAsync(Cancellation);
        using var response = await proxy.Client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);
        var answer = await Answer.ReadAsync(response);

        Assert.False(probe.Succeeded);
        Assert.Contains("refused", probe.Ports[0].Error, StringComparison.OrdinalIgnoreCase);
        Assert.Null(probe.Ports[1].Error);
        Assert.Equal((HttpStatusCode.BadGateway, "decoy-unreachable"), (answer.Status, answer.Error));
        Assert.Contains("127.0.0.1:1", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Probes_through_a_Service_tell_who_is_behind_it(bool http2)
    {
        await using var rig = await TunnelRig.StartAsync();
        await using var other = await ProxyRig.StartAsync();
        await using var original = await ProxyRig.ServeAsync(
            rig.Proxy.Decoy.InvokeAsync, http2 ? Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2 : Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1);
        Task<ServiceProbe> ProbeAsync(int port) => rig.Tunnel.ProbeServiceAsync(
            new ServiceProbeRequest { Host = "127.0.0.1", Port = port, Http2 = http2, Count = 3 }, Cancellation);

        var mine = await ProbeAsync(http2 ? rig.Proxy.Http2Port : rig.Proxy.HttpPort);
        var others = await ProbeAsync(http2 ? other.Http2Port : other.HttpPort);
        var originals = await ProbeAsync(ProxyRig.Ports(original)[0]);
        var nothing = await ProbeAsync(1);

        Assert.True(mine.AllAnsweredByThisProxy, string.Join('\n', mine.Answers));
        Assert.Equal(3, mine.TrailingAnswersOfThisProxy);
        Assert.All(others.Answers, answer => Assert.Equal(ProbeAnswer.OtherProxy, answer.Answer));
        Assert.All(originals.Answers, answer => Assert.Equal(ProbeAnswer.NotAProxy, answer.Answer));
        Assert.All(nothing.Answers, answer => Assert.Equal(ProbeAnswer.Nothing, answer.Answer));
        Assert.True(originals.NoneAnsweredByAProxy && nothing.NoneAnsweredByAProxy && !others.NoneAnsweredByAProxy);
    }

    [Fact]
    public async Task A_probe_with_a_nonce_of_nobody_is_a_request_like_any_other()
    {
        await using var rig = await TunnelRig.StartAsync();

        var unmatched = await rig.SendAsync("/.well-known/intercept-probe", value: null, headers: ("x-intercept-probe", "0123"));
        var matched = await rig.SendAsync("/.well-known/intercept-probe", headers: ("x-intercept-probe", "0123"));

        Assert.Equal("decoy", unmatched.By);
        Assert.Equal("target", matched.By);
    }

    [Fact]
    public async Task The_status_counts()
    {
        await using var rig = await TunnelRig.StartAsync();
        await rig.SendAsync();
        await rig.SendAsync();
        await rig.SendAsync(value: null);
        var open = rig.SendAsync("/gate");
        while (rig.Target.Requests < 3)
        {
            await Task.Delay(10, Cancellation);
        }

        var status = await rig.Tunnel.GetStatusAsync(Cancellation);

        Assert.Equal((1, 1, 1), (status.Sessions, status.Session.Routes, status.Session.InFlight));
        Assert.Equal(2, status.Session.Intercepted);
        Assert.Equal((1L, 2L, 1), (status.Ports[0].Passed, status.Ports[0].Intercepted, status.Ports[0].InFlight));
        Assert.Equal(1, status.Connections);
        Assert.False(status.Draining);
        rig.Target.Gate.TrySetResult();
        Assert.Equal("target", (await open).By);
    }

    [Fact]
    public async Task Drain_waits_for_matched_requests_and_asks_callers_to_close()
    {
        await using var rig = await TunnelRig.StartAsync();
        var open = rig.SendAsync("/gate");
        await rig.Target.Arrived.Task.WaitAsync(Cancellation);

        var late = await rig.Tunnel.DrainAsync(TimeSpan.FromMilliseconds(50), Cancellation);
        var drain = rig.Tunnel.DrainAsync(TimeSpan.FromSeconds(10), Cancellation);
        var unmatched = await rig.SendAsync(value: null);
        rig.Target.Gate.TrySetResult();
        var done = await drain;

        Assert.Equal((true, 1), (late.Draining, late.Session.InFlight));
        Assert.Equal(("decoy", "close"), (unmatched.By, unmatched.Headers["Connection"]));
        Assert.Equal(("target", "close"), ((await open).By, (await open).Headers["Connection"]));
        Assert.Equal(0, done.Session.InFlight);
    }

    [Fact]
    public async Task Idle_callers_are_disconnected()
    {
        await using var rig = await TunnelRig.StartAsync();
        await rig.SendAsync(value: null);
        await rig.SendAsync(value: null, http2: true);
        Assert.Equal(2, (await rig.Tunnel.GetStatusAsync(Cancellation)).Connections);

        var status = await rig.Tunnel.DisconnectCallersAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal(0, status.Connections);
        Assert.Equal("decoy", (await rig.SendAsync(value: null)).By);
    }

    [Fact]
    public async Task A_goodbye_takes_the_rules_off_at_once()
    {
        await using var rig = await TunnelRig.StartAsync();
        Assert.Equal("target", (await rig.SendAsync()).By);

        await rig.Tunnel.LeaveAsync(Cancellation);

        var answer = await rig.SendAsync();
        Assert.Equal(("decoy", "cluster; via=interceptor-leaf-0"), (answer.By, answer.ServedBy));
        await rig.Tunnel.Lost.WaitAsync(Cancellation);
        await using var next = await Tunnel.ConnectAsync(
            new TunnelOptions { SessionName = "intercept-shop-leaf", Claim = TunnelRig.Rule }, rig.Proxy.DialControlAsync, TimeProvider.System, Cancellation);
    }
}
