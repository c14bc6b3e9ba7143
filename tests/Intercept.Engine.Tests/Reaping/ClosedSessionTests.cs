using Intercept.Engine.Tests.Tunnels;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Control;
using Intercept.Proxy.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>What a proxy does with a session that others close.</summary>
public sealed class ClosedSessionTests
{
    private const string Name = "intercept-shop-leaf";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_route_is_off_and_its_test_process_may_not_come_back()
    {
        await using var rig = await TunnelRig.StartAsync();
        Assert.Equal("target", (await rig.SendAsync()).By);

        rig.Proxy.Services.GetRequiredService<SessionRegistry>().Close(Name, null);

        Assert.Equal("decoy", (await rig.SendAsync()).By);
        var exception = await Assert.ThrowsAnyAsync<InterceptException>(() => rig.Tunnel.Lost.WaitAsync(Token));
        Assert.Contains("was closed: its holder gave no sign of life", exception.Message, StringComparison.Ordinal);
        Assert.Equal("decoy", (await rig.SendAsync()).By);
    }

    [Fact]
    public async Task Another_test_process_may_use_its_name()
    {
        await using var rig = await TunnelRig.StartAsync();
        rig.Proxy.Services.GetRequiredService<SessionRegistry>().Close(Name, null);
        var target = new SampleApp("newcomer");

        await using var tunnel = await Tunnel.ConnectAsync(
            new TunnelOptions { SessionName = Name, Claim = TunnelRig.Rule }, rig.Proxy.DialControlAsync, TimeProvider.System, Token);
        await tunnel.AddRouteAsync(TunnelRig.Rule, target.InvokeAsync, Token);

        Assert.Equal("newcomer", (await rig.SendAsync()).By);
    }

    [Fact]
    public async Task A_request_that_is_held_for_its_tunnel_goes_on_without_it()
    {
        await using var rig = await TunnelRig.StartAsync();
        rig.Dial.IsDown = true;
        rig.Dial.Cut();
        await rig.SendAfterCutAsync();
        var held = rig.SendAsync();

        rig.Proxy.Services.GetRequiredService<SessionRegistry>().Close(Name, null);

        Assert.Equal("decoy", (await held).By);
    }

    [Fact]
    public async Task Silence_is_when_nobody_is_connected_and_nobody_comes()
    {
        await using var rig = await TunnelRig.StartAsync();
        var drain = rig.Proxy.Services.GetRequiredService<Drain>();
        await rig.SendAsync();
        var quiet = TimeSpan.FromMilliseconds(400);
        var left = TimeProvider.System.GetTimestamp();

        await drain.WaitForSilenceAsync(left, quiet, TimeSpan.FromMinutes(1), Token);

        Assert.True(TimeProvider.System.GetElapsedTime(left) >= quiet);
        Assert.True((await rig.Tunnel.GetStatusAsync(Token)).Draining);
        Assert.Equal(0, (await rig.Tunnel.GetStatusAsync(Token)).Connections);
        drain.End();
        Assert.False((await rig.Tunnel.GetStatusAsync(Token)).Draining);
    }

    [Fact]
    public async Task A_newcomers_route_ends_the_wait_for_silence()
    {
        await using var rig = await TunnelRig.StartAsync();
        var drain = rig.Proxy.Services.GetRequiredService<Drain>();
        var waiting = drain.WaitForSilenceAsync(TimeProvider.System.GetTimestamp(), TimeSpan.FromHours(1), TimeSpan.FromHours(1), Token);
        Assert.False(waiting.IsCompleted);

        await rig.Tunnel.AddRouteAsync(HeaderRule.Create("X-Test", "test-1"), rig.Target.InvokeAsync, Token);

        await waiting.WaitAsync(Token);
    }

    [Fact]
    public async Task A_newcomers_route_ends_the_wait_for_callers_to_go()
    {
        await using var rig = await TunnelRig.StartAsync();
        var drain = rig.Proxy.Services.GetRequiredService<Drain>();
        var caller = rig.SendAsync("/gate");
        await rig.Target.Arrived.Task.WaitAsync(Token);
        var waiting = drain.WaitForCallersAsync(TimeSpan.FromHours(1), Token);
        Assert.False(waiting.IsCompleted);

        await rig.Tunnel.AddRouteAsync(HeaderRule.Create("X-Test", "test-1"), rig.Target.InvokeAsync, Token);

        await waiting.WaitAsync(Token);
        Assert.False(caller.IsCompleted);
        rig.Target.Gate.SetResult();
        await caller;
    }
}
