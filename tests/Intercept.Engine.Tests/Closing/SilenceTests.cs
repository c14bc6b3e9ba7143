using Intercept.Engine.Guarding;
using Intercept.Engine.Tests.Reaping;
using Intercept.Engine.Tests.Worlds;

namespace Intercept.Engine.Tests.Closing;

/// <summary>An opening meets participants of other machines, of whose processes it knows nothing but the heartbeat.</summary>
public sealed class SilenceTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_silent_for_the_time_to_live_is_closed_by_the_next_opening()
    {
        var before = await world.SnapshotAsync();
        await using var mortal = new MortalEngine(world, layers: InterceptLayers.None);
        var plan = EngineWorld.Plan("mortal") with { TimeToLive = TimeSpan.FromSeconds(1) };
        var dead = await mortal.OpenAsync(plan);
        mortal.Die();
        await Task.Delay(plan.TimeToLive, Token);

        await using (var next = await world.CreateEngine().OpenAsync(EngineWorld.Plan("next"), null, Token))
        {
            Assert.Contains(next.Timeline, step => step.Text.Contains($"Session {dead.SessionName} was left by", StringComparison.Ordinal)
                && step.Text.Contains("its heartbeat stands still", StringComparison.Ordinal));
            Assert.DoesNotContain(next.Timeline, step => step.Text.StartsWith("joined", StringComparison.Ordinal));
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_clock_that_is_an_hour_ahead_kills_nobody()
    {
        await using var living = await world.CreateEngine().OpenAsync(
            EngineWorld.Plan("living") with { TimeToLive = TimeSpan.FromSeconds(3) }, null, Token);

        await using var ahead = await world.CreateEngine(time: new ClockAhead(TimeSpan.FromHours(1))).OpenAsync(EngineWorld.Plan("ahead"), null, Token);

        Assert.Contains(ahead.Timeline, step => step.Text.Contains("no heartbeat lately", StringComparison.Ordinal));
        Assert.Contains(ahead.Timeline, step => step.Text.StartsWith("joined 1 other", StringComparison.Ordinal));
        Assert.False(living.Lost.IsCompleted);
    }

    private sealed class ClockAhead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
