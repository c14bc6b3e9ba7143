using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Simulation.Tests.Actors;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;

namespace Intercept.Simulation.Tests.Calls;

/// <summary>One case of the table: what becomes of one call, and who closes afterwards.</summary>
internal sealed record CallCase(Recoverer Recoverer, int Call, Outcome Outcome)
{
    private const int Seed = 7;
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReaperLimit = TimeToLive + TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    // What stands before the proxy's Deployment does, and after a close has deleted it: nothing of it leads anywhere, and no pod
    // is there to take it away.
    private static readonly string[] WithoutProxy = ["Session", "ConfigMap", "ServiceAccount", "Role", "RoleBinding", "Service"];

    /// <summary>How many calls in a row meet the same fate.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Whether the process goes on after an error although somebody else is to recover.</summary>
    public bool LivesOn { get; init; }

    private bool EndsProcess => Outcome.Fate is Fate.DiesBefore or Fate.DiesAfter;

    /// <summary>Plays it to the end, with everything checked on the way.</summary>
    public (World World, EngineProcess Engine, int Requests) Play(ModelSchemas schemas, Landscape landscape)
    {
        var world = new World(Seed, schemas, landscape);
        var reapers = Recoverer == Recoverer.Reaper ? new ReaperHost(world, () => NoFaults.Instance) : null;
        var engine = new EngineProcess(world, "engine", Faults());
        engine.Network.Sending = number => EndGently(engine, number);
        engine.Network.Decided = number => EndHanging(world, engine, number);
        var watchdog = Recoverer == Recoverer.Watchdog ? new SimulatedWatchdog(world, engine, NoFaults.Instance) : null;
        engine.Start(TimeSpan.Zero, TimeSpan.FromSeconds(1), engine.Plan("value") with { TimeToLive = TimeToLive });
        Await(world, engine);
        Recover(world, engine, watchdog, reapers);
        Require(world);
        return (world, engine, engine.Requests);
    }

    private IFaults Faults() => (EndsProcess, Recoverer, LivesOn) switch
    {
        (true, Recoverer.Itself, _) => NoFaults.Instance,
        (true, _, _) or (_, Recoverer.Itself, _) or (_, _, true) => new OneFault(Call, Outcome, Repeats),
        _ => new LastFault(Call, Outcome),
    };

    /// <summary>A process that is to recover by itself is told to end, before or after the call.</summary>
    private void EndGently(EngineProcess engine, int number)
    {
        if (EndsProcess && Recoverer == Recoverer.Itself && number == (Outcome.Fate == Fate.DiesBefore ? Call : Call + 1))
        {
            engine.Cancel();
        }
    }

    /// <summary>A process that waits in vain, and whose intercept others are to close, dies while it waits.</summary>
    private void EndHanging(World world, EngineProcess engine, int number)
    {
        if (number == Call && Outcome.Fate is Fate.HangsBefore or Fate.HangsAfter && Recoverer != Recoverer.Itself && !LivesOn)
        {
            world.Scheduler.After(TimeSpan.FromSeconds(1), null, engine.Actor.Kill);
        }
    }

    private void Recover(World world, EngineProcess engine, SimulatedWatchdog? watchdog, ReaperHost? reapers)
    {
        switch (Recoverer)
        {
            case Recoverer.Itself when engine.Complains:
                world.Report("L0", engine.Result);
                break;
            case Recoverer.Watchdog when !world.Scheduler.RunUntil(() => !watchdog!.IsAtWork, world.Scheduler.Now + Limit):
                world.Report("L2", "the watchdog has not ended");
                break;
            case Recoverer.Reaper:
                LetReap(world, reapers!);
                break;
        }

        world.Settle();
        if (Recoverer is Recoverer.Itself or Recoverer.Watchdog || (LivesOn && !engine.Complains))
        {
            RestInvariants.Check(world);
        }

        var next = new EngineProcess(world, "next", NoFaults.Instance);
        if (Recoverer is Recoverer.NextOpening)
        {
            next.Start(TimeSpan.Zero, TimeSpan.Zero, "value");
            Await(world, next);
            if (!next.HasClosed)
            {
                world.Report("L4", $"the next to connect ended with: {next.Result}");
            }
        }

        RestInvariants.Check(world);
    }

    private static void LetReap(World world, ReaperHost reapers)
    {
        var hadProxy = world.Cluster.Table("apps", "deployments").Find(World.Namespace, Marks.Interceptor) is not null;
        world.Scheduler.RunUntil(() => RestInvariants.IsClean(world), world.Scheduler.Now + ReaperLimit);
        if (hadProxy || reapers.IsAtWork)
        {
            RestInvariants.Check(world);
            return;
        }

        if (world.Expected.Difference(withOwners: false) is { } difference)
        {
            world.Report("F1", difference);
        }

        foreach (var item in RestInvariants.Residue(world).Where(item => !WithoutProxy.Contains(item.Split(' ')[0])))
        {
            world.Report("L3", $"left without a proxy: {item}");
        }

        var sweeper = new Sweeper(world, "sweeper", NoFaults.Instance);
        sweeper.Start();
        world.Scheduler.RunUntil(() => sweeper.Actor.HasEnded, world.Scheduler.Now + Limit);
        world.Settle();
    }

    private static void Await(World world, EngineProcess engine)
    {
        if (!world.Scheduler.RunUntil(() => engine.Actor.HasEnded, world.Scheduler.Now + Limit))
        {
            world.Report("L1", $"{engine.Actor.Name} has not ended");
        }

        world.Settle();
    }

    private static void Require(World world)
    {
        foreach (var actor in world.Processes.All.Where(actor => actor.Failure is not null))
        {
            world.Report("FAILURE", $"{actor.Name}: {actor.Failure}");
        }
    }
}
