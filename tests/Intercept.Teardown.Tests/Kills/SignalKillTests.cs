using Intercept.Engine.Guarding;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Layer L1 alone: the test process is told to end, closes, and ends as it would have ended without us.</summary>
[Collection(KillCollection.Name)]
public sealed class SignalKillTests(KillWorld world)
{
    [Theory]
    [InlineData("SIGTERM", Signals.Term)]
    [InlineData("SIGINT", Signals.Int)]
    [InlineData("SIGHUP", Signals.Hup)]
    [InlineData("SIGQUIT", Signals.Quit)]
    public async Task A_signal_at_any_moment_ends_the_process_only_after_the_restore(string name, int signal)
    {
        var report = await new KillRun(world, $"L1, {name}")
        {
            Layers = [nameof(InterceptLayers.Signals)],
            End = (holder, _) =>
            {
                Assert.SkipWhen(holder.Ignores(signal), $"{name} is ignored by whoever runs the tests, and so by their children.");
                holder.Signal(signal);
                return Task.CompletedTask;
            },
            Inspect = (holder, _) => Assert.Equal(128 + signal, holder.ExitCode),
        }.RunAsync(KillSettings.Count(handful: 3));

        report.AssertGoals(median: TimeSpan.FromSeconds(1), worst: TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(Holder.Throw, 128 + Signals.Abort)]
    [InlineData(Holder.Exit, Holder.ExitCode)]
    public async Task An_unhandled_exception_or_an_exit_ends_the_process_only_after_the_restore(string order, int exitCode)
    {
        var report = await new KillRun(world, $"L1, {order}")
        {
            Layers = [nameof(InterceptLayers.Signals)],
            End = (holder, _) => holder.OrderAsync(order),
            Inspect = (holder, _) => Assert.Equal(exitCode, holder.ExitCode),
        }.RunAsync(KillSettings.Count(handful: 3));

        report.AssertGoals(median: TimeSpan.FromSeconds(1), worst: TimeSpan.FromSeconds(2));
    }
}
