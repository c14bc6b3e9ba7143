namespace Intercept.Teardown.Tests.Kills;

/// <summary>Layer L4 alone: nobody closes, until somebody on the same machine opens the next intercept.</summary>
[Collection(KillCollection.Name)]
public sealed class SweepKillTests(KillWorld world)
{
    [Fact]
    public async Task After_SIGKILL_at_any_moment_the_next_opening_on_this_machine_closes_what_was_left() =>
        await new KillRun(world, "L4, SIGKILL")
        {
            Layers = [],
            AtOnce = 3,
            End = Victims.KillAsync,
            Recover = victim => Victims.OpenNextAsync(world, victim.Service),
        }.RunAsync(KillSettings.Count(handful: 3));
}
