using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Simulation.Tests.Actors;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;

namespace Intercept.Simulation.Tests.Calls;

/// <summary>
/// Every API call of an intercept's life, before and after it has its effect: an error, a lost answer, a hang, the end of the
/// process, an outage that begins there. The engine cleans up itself, or the next one to connect does.
/// </summary>
public sealed class EveryCallTests
{
    private const int Seed = 7;

    private static readonly (string Name, Func<int, IFaults> Faults)[] Faults =
    [
        ("is refused with 500 once", call => new OneFault(call, new Outcome(Fate.RefusedBefore, 500))),
        ("has its effect and is answered with 500 once", call => new OneFault(call, new Outcome(Fate.RefusedAfter, 500))),
        ("is refused with 403 once", call => new OneFault(call, new Outcome(Fate.RefusedBefore, 403))),
        ("is refused with 422 once", call => new OneFault(call, new Outcome(Fate.RefusedBefore, 422))),
        ("is reset before it arrives", call => new OneFault(call, new Outcome(Fate.BrokenBefore))),
        ("has its effect and its answer is lost", call => new OneFault(call, new Outcome(Fate.BrokenAfter))),
        ("hangs without effect", call => new OneFault(call, new Outcome(Fate.HangsBefore))),
        ("has its effect and hangs", call => new OneFault(call, new Outcome(Fate.HangsAfter))),
        ("is the last that the process begins", call => new OneFault(call, new Outcome(Fate.DiesBefore))),
        ("is the last of the process that has an effect", call => new OneFault(call, new Outcome(Fate.DiesAfter))),
        ("begins an outage that outlasts the retries", call => new OneFault(call, new Outcome(Fate.RefusedBefore, 503), repeats: 14)),
        ("begins an outage that outlasts the process", call => new OneFault(call, new Outcome(Fate.RefusedBefore, 503), repeats: int.MaxValue)),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_becomes_of_any_call_nothing_is_left(bool isApplied)
    {
        var schemas = new ModelSchemas();
        var landscape = new Landscape { IsApplied = isApplied };
        var calls = Play(schemas, landscape, NoFaults.Instance).Engine.Requests;
        Assert.InRange(calls, 30, 100);

        var cases = (from call in Enumerable.Range(1, calls) from fault in Faults select (call, fault)).ToArray();
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken };
        Parallel.ForEach(cases, options, item =>
        {
            var (world, engine) = Play(schemas, landscape, item.fault.Faults(item.call));
            if (world.Violations.Count > 0)
            {
                failures.Add($"Call {item.call} {item.fault.Name}: {string.Join(Environment.NewLine, world.Violations)}{Environment.NewLine}{engine.Result}{Environment.NewLine}{world.Trace}");
            }
        });
        TestContext.Current.SendDiagnosticMessage($"{calls} calls, {cases.Length} cases");
        Assert.True(failures.IsEmpty, $"{failures.Count} of {cases.Length}:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(3))}");
    }

    private static (World World, EngineProcess Engine) Play(ModelSchemas schemas, Landscape landscape, IFaults faults)
    {
        var world = new World(Seed, schemas, landscape);
        var engine = new EngineProcess(world, "engine", faults);
        engine.Start(TimeSpan.Zero, TimeSpan.FromSeconds(1), "value");
        Run(world, engine);
        if (engine.Actor.IsAlive && !engine.Complains)
        {
            // Its own doing, without anybody's help.
            RestInvariants.Check(world);
        }

        var next = new EngineProcess(world, "next", NoFaults.Instance);
        next.Start(TimeSpan.Zero, TimeSpan.Zero, "value");
        Run(world, next);
        if (!next.HasClosed)
        {
            world.Report("L4", $"the next to connect ended with: {next.Result}");
        }

        RestInvariants.Check(world);
        return (world, engine);
    }

    private static void Run(World world, EngineProcess engine)
    {
        if (!world.Scheduler.RunUntil(() => engine.Actor.HasEnded, world.Scheduler.Now + TimeSpan.FromMinutes(20)))
        {
            world.Report("L1", $"{engine.Actor.Name} has not ended");
        }

        if (engine.Actor.Failure is { } failure)
        {
            world.Report("FAILURE", $"{engine.Actor.Name}: {failure}");
        }

        world.Settle();
    }
}
