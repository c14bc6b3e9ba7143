using Intercept.Engine.Guarding;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>A process that stands still for a while, as under a debugger or on a laptop that sleeps, and goes on.</summary>
[Collection(KillCollection.Name)]
public sealed class StoppedProcessTests(KillWorld world)
{
    private static readonly TimeSpan Goal = Holder.TimeToLive + TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Side by side, because most of it is waiting.</summary>
    [Fact]
    public Task Stopped_for_longer_than_its_time_to_live_a_process_loses_its_intercept_and_hijacks_nothing_and_for_less_it_keeps_it() =>
        Task.WhenAll(StoppedTooLongAsync(), StoppedTooLongWhileOpeningAsync(), StoppedShortlyAsync());

    private async Task StoppedTooLongAsync()
    {
        var report = await new KillRun(world, "L3, SIGSTOP of an open intercept")
        {
            Layers = [nameof(InterceptLayers.Reaper), Holder.Stay],
            Phases = [Holder.Active],
            End = async victim =>
            {
                victim.Holder.Signal(Signals.Stop);
                await victim.Watch.WaitUntilRestoredAsync(Token);
                await Residue.WaitUntilNoneAsync(world.Api, victim.Service, Token);
                victim.Holder.Signal(Signals.Cont);
                await AssertLostAsync(victim);
            },
        }.RunAsync(KillSettings.Few(handful: 1));

        report.AssertGoals(median: Goal, worst: Goal, worstWhileCrowded: Goal);
    }

    /// <summary>It either learns that it was closed, or opens as if nothing had been.</summary>
    private async Task StoppedTooLongWhileOpeningAsync()
    {
        var lost = 0;
        await new KillRun(world, "L3, SIGSTOP of an intercept that is being opened")
        {
            Layers = [nameof(InterceptLayers.Reaper), Holder.Stay],
            Phases = [Holder.Opening],
            End = async victim =>
            {
                victim.Holder.Signal(Signals.Stop);

                // The proxy looks several times a second: who has a Session by now has lost it then.
                await Task.Delay(Holder.TimeToLive + TimeSpan.FromSeconds(2), Token);
                victim.Holder.Signal(Signals.Cont);
                if ((await victim.Holder.WaitForAnyAsync(Holder.Lost, Holder.Active)).Phase == Holder.Lost)
                {
                    Interlocked.Increment(ref lost);
                    await Residue.WaitUntilNoneAsync(world.Api, victim.Service, Token);
                    Assert.True(victim.Watch.LeadsBack, victim.Watch.Difference());
                }

                await EndAsync(victim);
            },
        }.RunAsync(KillSettings.Few(handful: 1));
        TestContext.Current.TestOutputHelper?.WriteLine($"  {lost} of them had been closed");
    }

    private async Task StoppedShortlyAsync()
    {
        await new KillRun(world, "L3, a short SIGSTOP")
        {
            Layers = [nameof(InterceptLayers.Reaper), nameof(InterceptLayers.Signals), Holder.Stay, Holder.Patient],
            Phases = [Holder.Opening],
            End = async victim =>
            {
                var value = await victim.Holder.WaitForAsync(Holder.Active);
                using var client = world.CreateCaller(victim.Service, TimeSpan.Zero);
                client.DefaultRequestHeaders.TryAddWithoutValidation(HeaderRule.DefaultName, value);
                victim.Holder.Signal(Signals.Stop);
                var asked = client.GetStringAsync(new Uri("who", UriKind.Relative), Token);

                // Long enough for those whose time to live is over sooner.
                await Task.Delay(Holder.TimeToLive + TimeSpan.FromSeconds(1), Token);
                Assert.False(asked.IsCompleted, $"{asked.Status} {asked.Exception?.Message}");
                victim.Holder.Signal(Signals.Cont);
                Assert.Equal(nameof(Holder), await asked);
                Assert.Equal(nameof(Holder), await client.GetStringAsync(new Uri("who", UriKind.Relative), Token));
                Assert.False(victim.Watch.LeadsBack);
                victim.Holder.Signal(Signals.Term);
            },
        }.RunAsync(KillSettings.Few(handful: 1));
    }

    private static async Task AssertLostAsync(Victim victim)
    {
        Assert.Contains("Session", await victim.Holder.WaitForAsync(Holder.Lost), StringComparison.Ordinal);
        Assert.True(victim.Watch.LeadsBack, victim.Watch.Difference());
        await EndAsync(victim);
    }

    private static Task EndAsync(Victim victim) => victim.Holder.OrderAsync(Holder.Exit);
}
