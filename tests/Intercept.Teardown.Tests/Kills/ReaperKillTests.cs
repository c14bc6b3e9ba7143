using Intercept.Engine.Guarding;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Layer L3 alone: nobody is left on this machine, the proxy pod closes.</summary>
[Collection(KillCollection.Name)]
public sealed class ReaperKillTests(KillWorld world)
{
    private static readonly TimeSpan Goal = Holder.TimeToLive + TimeSpan.FromSeconds(5);

    [Fact]
    public async Task After_SIGKILL_of_an_open_intercept_the_proxy_restores_the_Service_when_its_time_to_live_is_over()
    {
        var report = await new KillRun(world, "L3, SIGKILL")
        {
            Layers = [nameof(InterceptLayers.Reaper)],
            AtOnce = KillWorld.Services,
            Phases = [Holder.Active, Holder.Closing],
            End = Victims.KillAsync,
            Recover = SweepWhatNoProxyCanAsync,
        }.RunAsync(KillSettings.Count(handful: 2));

        report.AssertGoals(median: Goal, worst: Goal, worstWhileCrowded: Goal);
    }

    /// <summary>A close of its own that got as far as deleting the proxy leaves a Session, and nobody in the cluster to delete it.</summary>
    private async Task SweepWhatNoProxyCanAsync(Victim victim)
    {
        await victim.Watch.WaitUntilRestoredAsync(TestContext.Current.CancellationToken);
        if (!await Residue.HasProxyAsync(world.Api, victim.Service, TestContext.Current.CancellationToken))
        {
            await Victims.OpenNextAsync(world, victim.Service);
        }
    }
}
