using Intercept.Teardown.Tests.Kills;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>Several processes on one Service: nobody closes what another one still needs, and the last one restores.</summary>
[Collection(KillCollection.Name)]
public sealed class RoundTests(KillWorld world)
{
    public static bool IsLinux => OperatingSystem.IsLinux();

    [Fact(Skip = "Signals are those of Linux.", SkipUnless = nameof(IsLinux))]
    public async Task Eight_engines_in_four_processes_join_leave_and_die_and_nobody_who_lives_is_cut_off()
    {
        var service = await world.TakeServiceAsync();
        await using (var run = new RoundRun(world, service, RoundSettings.Seed))
        {
            await run.RunAsync(RoundSettings.Count);
        }

        world.GiveBack(service);
    }
}
