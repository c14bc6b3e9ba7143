using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Simulation.Tests.Actors;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;

namespace Intercept.Simulation.Tests.Schedules;

/// <summary>One course of events, drawn from a seed: who intercepts, what goes wrong, who interferes, and what is left at the end.</summary>
internal sealed class Schedule
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(45);

    private readonly World _world;
    private readonly Landscape _landscape;
    private readonly List<EngineProcess> _engines = [];
    private readonly List<string> _story = [];
    private bool _isQuiet = true;

    private Schedule(int seed, ModelSchemas schemas, Landscapes landscapes)
    {
        Seed = seed;
        _landscape = landscapes.Pick(seed);
        _world = new World(seed, schemas, _landscape);
    }

    public int Seed { get; }

    /// <summary>Runs the schedule of a seed.</summary>
    public static ScheduleResult Run(int seed, ModelSchemas schemas, Landscapes landscapes)
    {
        var schedule = new Schedule(seed, schemas, landscapes);
        schedule.Prepare();
        try
        {
            schedule.Play();
        }
#pragma warning disable CA1031 // A defect of the simulation itself is reported with its seed, too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            schedule._world.Report("DEFECT", exception.ToString());
        }

        return new ScheduleResult(seed, schedule._world, schedule._story, schedule._engines);
    }

    private Random Chance => _world.Scheduler.Chance;

    private void Prepare()
    {
        _world.Cluster.Controllers.Slowness = Chance.Next(4) switch { 0 => 0.05, 1 => 10, _ => 1 };
        var rate = Chance.Next(3) switch { 0 => 0, 1 => 0.01, _ => 0.06 };
        var healthyFrom = TimeSpan.FromSeconds(Chance.Next(5, 90));
        if (rate > 0)
        {
            _isQuiet = false;
            _story.Add($"requests fail at {rate:P0} until {healthyFrom}");
        }

        if (Chance.Next(4) == 0)
        {
            _world.WatchesFail = true;
            _story.Add("watches fail");
        }

        var count = Chance.Next(1, 4);
        for (var index = 0; index < count; index++)
        {
            var faults = new RandomFaults(_world.Scheduler, rate) { HealthyFrom = healthyFrom };
            AddEngine(new EngineProcess(_world, $"engine-{index}", faults), index);
        }

        if (Chance.Next(5) < 2)
        {
            Interfere();
        }
    }

    private void AddEngine(EngineProcess engine, int index)
    {
        _engines.Add(engine);
        var (begin, hold) = (TimeSpan.FromMilliseconds(Chance.Next(0, 3000)), TimeSpan.FromMilliseconds(Chance.Next(0, 6000)));
        var overlaps = index > 0 && Chance.Next(12) == 0;
        _isQuiet &= !overlaps;
        engine.Start(begin, hold, overlaps ? "value-0" : $"value-{index}");
        _story.Add($"{engine.Actor.Name} begins at {begin}, holds for {hold}{(overlaps ? ", takes what engine-0 takes" : "")}");
        switch (Chance.Next(10))
        {
            case < 3:
                Later("dies", Chance.Next(0, 8000), engine.Actor.Kill);
                break;
            case 3:
                Later("stops for a minute or two", Chance.Next(0, 8000), () => engine.Actor.Pause(TimeSpan.FromSeconds(Chance.Next(20, 120))));
                break;
            case 4:
                engine.Actor.Time.WallClockError = TimeSpan.FromMinutes(Chance.Next(-90, 90));
                break;
        }

        void Later(string what, int milliseconds, Action action)
        {
            _isQuiet = false;
            _story.Add($"{engine.Actor.Name} {what} at {milliseconds} ms");
            _world.Scheduler.After(TimeSpan.FromMilliseconds(milliseconds), engine.Actor, () =>
            {
                _world.Trace.Note(engine.Actor.Name, what);
                action();
            });
        }
    }

    private void Interfere()
    {
        _isQuiet = false;
        var third = new ThirdParty(_world, _landscape);
        for (var count = Chance.Next(1, 5); count > 0; count--)
        {
            Action action = Chance.Next(30) switch { 0 => third.DeleteNamespace, < 5 => third.DeleteSomething, _ => third.EditSomething };
            _story.Add($"somebody: {action.Method.Name}");
            _world.Scheduler.After(TimeSpan.FromMilliseconds(Chance.Next(0, 9000)), null, action);
        }
    }

    private void Play()
    {
        var ended = _world.Scheduler.RunUntil(() => _engines.TrueForAll(engine => engine.Actor.HasEnded), Limit);
        if (!ended)
        {
            _world.Report("L1", $"not ended after {_world.Scheduler.Now}: {string.Join(", ", _engines.Where(engine => !engine.Actor.HasEnded).Select(engine => engine.Actor.Name))}");
            return;
        }

        // The last of what somebody else does may still be to come.
        _world.Scheduler.RunUntil(() => false, TimeSpan.FromSeconds(10));
        _world.Settle();
        if (_isQuiet)
        {
            foreach (var engine in _engines.Where(engine => !engine.HasClosed))
            {
                _world.Report("QUIET", $"nothing went wrong, and {engine.Actor.Name} ended with: {engine.Result}");
            }

            RestInvariants.Check(_world);
        }

        Recover("sweeper-1");
        RestInvariants.Check(_world);
        var revision = _world.Cluster.Store.Revision;
        Recover("sweeper-2");
        if (_world.Cluster.Store.Revision != revision)
        {
            _world.Report("R1", "recovering once more changed something");
        }

        foreach (var actor in _world.Processes.All.Where(actor => actor.Failure is not null))
        {
            _world.Report("FAILURE", $"{actor.Name}: {actor.Failure}");
        }
    }

    private void Recover(string name)
    {
        var sweeper = new Sweeper(_world, name, NoFaults.Instance);
        sweeper.Start();
        if (!_world.Scheduler.RunUntil(() => sweeper.Actor.HasEnded, _world.Scheduler.Now + RecoveryLimit))
        {
            _world.Report("L1", $"{name} has not recovered within {RecoveryLimit}");
        }

        _world.Settle();
    }
}

/// <summary>What came of a schedule.</summary>
internal sealed record ScheduleResult(int Seed, World World, IReadOnlyList<string> Story, IReadOnlyList<EngineProcess> Engines)
{
    /// <summary>All that a person needs to see what went wrong; null where nothing did.</summary>
    public string? Failure => World.Violations.Count == 0 && World.Scheduler.Escape is null
        ? null
        : $"""
            Seed {Seed}: {string.Join(Environment.NewLine, World.Violations)}{World.Scheduler.Escape}
            The story:
              {string.Join(Environment.NewLine + "  ", Story)}
            The course:
            {World.Trace}
            """;
}

/// <summary>The landscapes that schedules choose from.</summary>
internal sealed class Landscapes
{
    private readonly Landscape[] _all =
    [
        new Landscape(),
        new Landscape { IsApplied = true },
        new Landscape { Replicas = 2 },
        new Landscape { IsApplied = true, HasDefinition = false },
    ];

    public Landscape Pick(int seed) => _all[(uint)seed % (uint)_all.Length];
}
