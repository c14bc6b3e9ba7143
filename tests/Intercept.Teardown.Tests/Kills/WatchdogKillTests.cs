using System.Net;
using Intercept.Embedded.Faults;
using Intercept.Engine.Guarding;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Layer L2 alone: the test process is gone without a word, its watchdog closes.</summary>
[Collection(KillCollection.Name)]
public sealed class WatchdogKillTests(KillWorld world)
{
    private static readonly string[] Layers = [nameof(InterceptLayers.Watchdog)];

    [Fact]
    public async Task After_SIGKILL_at_any_moment_the_watchdog_restores_the_Service_within_a_second()
    {
        var report = await new KillRun(world, "L2, SIGKILL") { Layers = Layers, End = Victims.KillAsync }
            .RunAsync(KillSettings.Count(handful: 3));

        report.AssertGoals(median: TimeSpan.FromSeconds(1), worst: TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task After_FailFast_at_any_moment_the_watchdog_restores_the_Service_within_a_second()
    {
        var report = await new KillRun(world, "L2, FailFast")
        {
            Layers = Layers,
            CountFromExit = true,
            End = victim => victim.Holder.OrderAsync(Holder.FailFast),
            Inspect = victim => Assert.Equal(128 + Signals.Abort, victim.Holder.ExitCode),
        }.RunAsync(KillSettings.Few(handful: 1));

        report.AssertGoals(median: TimeSpan.FromSeconds(1), worst: TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_watchdog_that_is_refused_tries_again()
    {
        const int refusals = 2;
        InjectedFault? fault = null;
        await new KillRun(world, "L2, SIGKILL, the first changes refused")
        {
            Layers = [.. Layers, Holder.Stay],
            Phases = [Holder.Active],
            End = victim =>
            {
                fault = world.Cluster.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.NotImplemented))
                {
                    Calls = new ApiCallFilter { Verb = "patch", Resource = "services", Name = victim.Service },
                    Times = refusals,
                });
                return Victims.KillAsync(victim);
            },
        }.RunAsync(count: 1);

        Assert.Equal(refusals, fault!.Hits.Count);
        fault.Dispose();
    }
}
