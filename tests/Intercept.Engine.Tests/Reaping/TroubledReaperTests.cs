using System.Net;
using Intercept.Embedded.Faults;
using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Worlds;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>What the proxy's pod does where something goes wrong while it watches or closes.</summary>
public sealed class TroubledReaperTests(ReapingWorld world) : IClassFixture<ReapingWorld>
{
    // A machine that is busy with other things gets more time than the goal.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ApiCallFilter OfReaper { get; } = new() { UserAgentPrefix = "intercept-reaper/" };

    private EngineWorld Engines => world.Engines;

    [Fact]
    public async Task An_outage_of_the_API_longer_than_the_time_to_live_is_nobodys_death()
    {
        var plan = ReapingWorld.Plan("alive", seconds: 6);
        await using var interception = await Engines.CreateEngine().OpenAsync(plan, null, Token);
        var version = (await world.ReadLeafAsync()).Metadata.ResourceVersion;

        // The reaper has seen the last beat before the outage, so that the first look after it finds the same one.
        using (var silence = Engines.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.ServiceUnavailable))
        {
            Calls = new ApiCallFilter { Verb = "patch", Resource = "sessions/status" },
        }))
        {
            await silence.WaitForHitAsync(1, Token);
            var seen = Looks();
            await ReapingWorld.UntilAsync(() => Task.FromResult(Looks() > seen + 1), Limit);
            using var outage = Engines.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.ServiceUnavailable)));
            await Task.Delay(plan.TimeToLive * 1.5, Token);
        }

        var heartbeat = await HeartbeatAsync(interception);
        await ReapingWorld.UntilAsync(async () => await HeartbeatAsync(interception) != heartbeat, Limit);
        var looks = Looks();
        await ReapingWorld.UntilAsync(() => Task.FromResult(Looks() > looks + 20), Limit);

        Assert.Equal(version, (await world.ReadLeafAsync()).Metadata.ResourceVersion);
        Assert.Equal("alive", (await Engines.AskAsync(plan.Rule)).Body);
        Assert.False(interception.Lost.IsCompleted);

        int Looks() => world.Traffic.Calls.Count(call => call is { Method: "GET", Status: 200 } && call.Path.EndsWith("/services/leaf", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_reaper_that_is_refused_for_a_moment_goes_on(HttpStatusCode refusal)
    {
        var before = await Engines.SnapshotAsync();
        await using var engine = new MortalEngine(Engines);
        await engine.OpenAsync(ReapingWorld.Plan("dead"));
        long? begun = null;
        // The moment begins with the first write, so that each kind of step runs into it.
        using var fault = Engines.Faults.Add(new ApiFaultRule(ApiFault.Fail(refusal))
        {
            Calls = OfReaper with
            {
                Where = call =>
                {
                    begun ??= call.Verb == "patch" ? TimeProvider.System.GetTimestamp() : null;
                    return begun is { } since && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(0.5);
                },
            },
        });

        engine.Die();

        await world.UntilNothingIsLeftAsync(before, Limit);
        Assert.NotEmpty(fault.Hits);
    }

    [Fact]
    public async Task An_eviction_in_the_middle_of_a_close_is_no_end_of_it()
    {
        var before = await Engines.SnapshotAsync();
        await using var engine = new MortalEngine(Engines);
        await engine.OpenAsync(ReapingWorld.Plan("dead"));
        // The Service is restored by then, the decoy stays until the new pod deletes it.
        using var fault = Engines.Faults.Add(new ApiFaultRule(ApiFault.Hang()) { Calls = OfReaper with { Verb = "delete" }, Times = 1 });

        engine.Die();
        var held = await fault.WaitForHitAsync(1, Token);
        foreach (var pod in await Engines.Api.ListAsync<V1Pod>("shop", $"{Labels.Session}={InterceptNames.For(EngineWorld.Leaf).SessionHash}", Token))
        {
            await Engines.Client.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, "shop", cancellationToken: Token);
        }

        Assert.Equal("interceptor-leaf-decoy", held.Name);
        Assert.False(await world.IsHijackedAsync());
        await world.UntilNothingIsLeftAsync(before, Limit);
    }

    [Fact]
    public async Task A_newcomer_between_two_steps_of_a_close_keeps_what_it_claims()
    {
        var before = await Engines.SnapshotAsync();
        await using var mortal = new MortalEngine(Engines);
        await mortal.OpenAsync(ReapingWorld.Plan("dead"));
        // Held: the write that takes the reaper's next step after the restore.
        using var fault = Engines.Faults.Add(new ApiFaultRule(ApiFault.Hang()) { Calls = OfReaper with { Verb = "delete", Name = "interceptor-leaf-decoy" }, Times = 1 });

        mortal.Die();
        await fault.WaitForHitAsync(1, Token);
        var plan = ReapingWorld.Plan("newcomer");
        await using var newcomer = await Engines.CreateEngine().OpenAsync(plan, null, Token);
        fault.Release();
        await ReapingWorld.UntilAsync(async () => (await world.ReadClaimantsAsync()).All(id => id == newcomer.SessionName), Limit);

        Assert.Equal("newcomer", (await Engines.AskAsync(plan.Rule)).Body);
        Assert.False(newcomer.Lost.IsCompleted);
        await newcomer.CloseAsync(Token);
        Assert.Equal(before, await Engines.SnapshotAsync());
    }

    private async Task<string?> HeartbeatAsync(Interception interception) =>
        (await Engines.Api.FindAsync<SessionResource>("shop", interception.SessionName, Token))?.Status?.Heartbeat;
}
