using System.Collections.Concurrent;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Simulation.Tests.Network;

namespace Intercept.Simulation.Tests.Calls;

/// <summary>
/// The table: every API call from the first of an opening to the last of its close, each once with and once without its effect,
/// as the process dies, gets an error, or waits in vain, by who closes afterwards. Nothing may be left. An ordinary run takes
/// every seventh case, another trouble of each call; INTERCEPT_CALLS=all takes them all.
/// </summary>
public sealed class EveryCallTests
{
    // No divisor of how many troubles there are.
    private const int Share = 7;

    private readonly ModelSchemas _schemas = new();
    private readonly Landscape _landscape = new();

    private static readonly (string Name, Outcome Outcome)[] Troubles =
    [
        ("dies before it", new Outcome(Fate.DiesBefore)),
        ("dies after it", new Outcome(Fate.DiesAfter)),
        ("gets an error without effect", new Outcome(Fate.RefusedBefore, 500)),
        ("gets an error with its effect", new Outcome(Fate.RefusedAfter, 500)),
        ("waits in vain without effect", new Outcome(Fate.HangsBefore)),
        ("waits in vain with its effect", new Outcome(Fate.HangsAfter)),
    ];

    private static readonly (string Name, Outcome Outcome, int Repeats)[] Others =
    [
        ("is refused with 403", new Outcome(Fate.RefusedBefore, 403), 1),
        ("is refused with 422", new Outcome(Fate.RefusedBefore, 422), 1),
        ("has its effect and its answer is lost", new Outcome(Fate.BrokenAfter), 1),
        ("is answered late", new Outcome(Fate.Stale), 1),
        ("begins an outage that outlasts the process", new Outcome(Fate.RefusedBefore, 503), int.MaxValue),
    ];

    [Theory]
    [InlineData(nameof(Recoverer.Itself))]
    [InlineData(nameof(Recoverer.Watchdog))]
    [InlineData(nameof(Recoverer.Reaper))]
    [InlineData(nameof(Recoverer.NextOpening))]
    public void Whatever_becomes_of_any_call_nothing_is_left_by(string name)
    {
        var recoverer = Enum.Parse<Recoverer>(name);
        var cases = from call in Enumerable.Range(1, CountCalls())
                    from trouble in Troubles
                    select (What: $"Call {call}: the process {trouble.Name}; closed by {recoverer}", new CallCase(recoverer, call, trouble.Outcome));
        Play(name, [.. cases]);
    }

    [Fact]
    public void Other_faults_of_any_call_leave_nothing_either()
    {
        var cases = from call in Enumerable.Range(1, CountCalls())
                    from other in Others
                    select (What: $"Call {call} {other.Name}", new CallCase(Recoverer.NextOpening, call, other.Outcome) { Repeats = other.Repeats, LivesOn = true });
        Play("other faults", [.. cases]);
    }

    private int CountCalls()
    {
        var calls = new CallCase(Recoverer.Itself, int.MaxValue, Outcome.Served).Play(_schemas, _landscape).Requests;
        Assert.InRange(calls, 50, 150);
        return calls;
    }

    private void Play(string name, (string What, CallCase Case)[] all)
    {
        var cases = Environment.GetEnvironmentVariable("INTERCEPT_CALLS") == "all" ? all : all.Where((_, index) => index % Share == 0).ToArray();
        var failures = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken };
        Parallel.ForEach(cases, options, item =>
        {
            var (world, engine, _) = item.Case.Play(_schemas, _landscape);
            if (world.Violations.Count > 0 || world.Scheduler.Escape is not null)
            {
                failures.Add($"{item.What}: {string.Join(Environment.NewLine, world.Violations)}{world.Scheduler.Escape}{Environment.NewLine}{engine.Result}{Environment.NewLine}{world.Trace}");
            }
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {cases.Length} of {all.Length} cases, {failures.Count} with something left");
        Assert.True(failures.IsEmpty, $"{failures.Count} of {cases.Length}:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(3))}");
    }
}
