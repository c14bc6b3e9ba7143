using System.Diagnostics;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>
/// Ends processes that hold intercepts, one after the other on each Service, and looks at what comes of it: the Service as it
/// was, nothing of ours left, no unmatched request failed or answered twice.
/// </summary>
internal sealed record KillRun(KillWorld World, string Layer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The layers that are at work in the process.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>How many processes there are at the same time, each on a Service of its own: two of them leave the machine room.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>The phases in which processes are ended; all where null.</summary>
    public IReadOnlyList<string>? Phases { get; init; }

    /// <summary>Ends a process.</summary>
    public required Func<Victim, Task> End { get; init; }

    /// <summary>Whether time counts from the end of the process, where it takes some time to end, and not from the order to end.</summary>
    public bool CountFromExit { get; init; }

    /// <summary>Looks at a process that has ended.</summary>
    public Action<Victim> Inspect { get; init; } = _ => { };

    /// <summary>What has to be done after the process has ended; nothing where null.</summary>
    public Func<Victim, Task>? Recover { get; init; }

    /// <summary>Runs all, some at a time.</summary>
    public async Task<KillReport> RunAsync(int count)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals and /proc are those of Linux.");
        var report = new KillReport(Layer);
        await using var machine = new MachineLoad();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Min(AtOnce, KillWorld.Services), CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                var service = await World.TakeServiceAsync();
                try
                {
                    report.Add(await KillAsync(service, number, machine));
                }
                finally
                {
                    World.GiveBack(service);
                }
            });
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        return report;
    }

    private async Task<Kill> KillAsync(string service, int number, MachineLoad machine)
    {
        var moment = KillMoment.Pick(KillSettings.Seed, number, Phases);
        await using var watch = new ServiceWatch(World.Cluster, service);
        await using var load = new ServiceLoad(World, service);
        await using var holder = HolderProcess.Start(World, service, Layers);
        var victim = new Victim(holder, watch, service, number);
        await holder.WaitForAsync(moment.Phase);
        await Task.Delay(moment.Delay, TestContext.Current.CancellationToken);

        var at = Stopwatch.GetTimestamp();
        await End(victim);
        await holder.WaitForExitAsync();
        Inspect(victim);
        if (Recover is not null)
        {
            await Recover(victim);
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(Patience);
            await watch.WaitUntilRestoredAsync(patience.Token);
            await holder.WaitForDescendantsAsync(patience.Token);
            await Residue.WaitUntilNoneAsync(World.Api, service, patience.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            var residue = await Residue.FindAsync(World.Api, service, TestContext.Current.CancellationToken);
            Assert.Fail(Explain(
                $"{service} is not clean after {Patience.TotalSeconds} s: {string.Join(", ", residue.DefaultIfEmpty("no residue"))}; {holder.Descendants().Count} process(es) left.",
                watch.Difference()));
        }

        var (requests, failures) = await load.EndAsync();
        Assert.True(failures.Count == 0, Explain($"{failures.Count} of {requests} unmatched requests went wrong.", string.Join(Environment.NewLine, failures.Order())));
        var from = CountFromExit ? holder.ExitedAt : at;
        var restored = watch.RestoredAfter(from);
        return new Kill(moment, restored, requests, machine.WasCrowded(from, restored));

        string Explain(string what, string evidence) =>
            $"""
            {what} Kill {number} on {service} at {moment}, seed {KillSettings.Seed} ({KillSettings.SeedVariable}).
            {evidence}
            The process had said:
            {holder.Said}
            """;
    }
}

/// <summary>A process with an intercept that is to be ended.</summary>
/// <param name="Holder">The process.</param>
/// <param name="Watch">Watches the Service.</param>
/// <param name="Service">The Service's name.</param>
/// <param name="Number">Which one of the run it is.</param>
internal sealed record Victim(HolderProcess Holder, ServiceWatch Watch, string Service, int Number);
