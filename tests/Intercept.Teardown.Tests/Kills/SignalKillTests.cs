using Intercept.Engine.Guarding;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Layer L1 alone: the test process is told to end, closes, and ends as it would have ended without us.</summary>
[Collection(KillCollection.Name)]
public sealed class SignalKillTests(KillWorld world)
{
    private static readonly (string? Order, int Signal, int ExitCode)[] Ends =
    [
        .. ((int[])[Signals.Term, Signals.Int, Signals.Hup, Signals.Quit])
            .Where(signal => !Signals.IsIgnored(signal)).Select(signal => ((string?)null, signal, 128 + signal)),
        (Holder.Throw, 0, 128 + Signals.Abort),
        (Holder.Exit, 0, Holder.ExitCode),
    ];

    [Fact]
    public async Task A_signal_an_unhandled_exception_or_an_exit_at_any_moment_ends_the_process_only_after_the_restore()
    {
        var report = await new KillRun(world, "L1, signals, unhandled exception, exit")
        {
            Layers = [nameof(InterceptLayers.Signals)],
            End = async victim =>
            {
                var (order, signal, _) = EndOf(victim);
                if (order is null)
                {
                    victim.Holder.Signal(signal);
                }
                else
                {
                    await victim.Holder.OrderAsync(order);
                }
            },
            Inspect = victim => Assert.Equal(EndOf(victim).ExitCode, victim.Holder.ExitCode),
        }.RunAsync(KillSettings.Few(handful: Ends.Length * (KillSettings.IsMeasured ? 3 : 1)));

        report.AssertGoals(median: TimeSpan.FromSeconds(1), worst: TimeSpan.FromSeconds(2));
    }

    private static (string? Order, int Signal, int ExitCode) EndOf(Victim victim) => Ends[victim.Number % Ends.Length];
}
