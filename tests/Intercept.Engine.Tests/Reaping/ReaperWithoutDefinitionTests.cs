using Intercept.Engine.Records;
using k8s.Models;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>The reaper in a cluster that has no Sessions: there they are ConfigMaps.</summary>
public sealed class ReaperWithoutDefinitionTests(ReapingWorld world) : IClassFixture<ReapingWorld>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_holders_intercept_is_closed_there_too()
    {
        var before = await world.Engines.SnapshotAsync();
        await using var engine = new MortalEngine(world.Engines, world.Engines.CreateApiWithoutDefinitions());
        var interception = await engine.OpenAsync(ReapingWorld.Plan("dead"));
        Assert.True((await world.Engines.Api.FindAsync<V1ConfigMap>("shop", interception.SessionName, Token))?.ToLive().IsOurs);
        world.Traffic.Forget();

        engine.Die();
        await ReapingWorld.UntilAsync(async () => !await world.IsHijackedAsync(), Limit);
        await world.UntilNothingIsLeftAsync(before, Limit);

        Assert.DoesNotContain(world.Traffic.Calls, call => call.Status is 401 or 403);
    }
}
