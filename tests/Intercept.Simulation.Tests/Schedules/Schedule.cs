using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Engine.Guarding;
using Intercept.Simulation.Tests.Actors;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;

namespace Intercept.Simulation.Tests.Schedules;

/// <summary>One course of events, drawn from a seed: who intercepts, what goes wrong, who interferes, and what is left at the end.</summary>
internal sealed class Schedule
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan ReaperPatience = TimeSpan.FromSeconds(15);

    private readonly World _world;
    private readonly Landscape _landscape;
    private readonly List<EngineProcess> _engines = [];
    private readonly List<SimulatedWatchdog> _watchdogs = [];
    private readonly List<string> _story = [];
    private ReaperHost? _reapers;
    private TimeSpan _timeToLive;
    private TimeSpan _healthyFrom;
    private double _rate;
    private bool _isQuiet = true;
    private bool _isHidden;

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
        _timeToLive = TimeSpan.FromSeconds(Chance.Next(4) switch { 0 => 6, 1 => 30, _ => 12 });
        _rate = Chance.Next(3) switch { 0 => 0, 1 => 0.01, _ => 0.06 };
        _healthyFrom = TimeSpan.FromSeconds(Chance.Next(5, 90));
        if (_rate > 0)
        {
            _isQuiet = false;
            _story.Add($"requests fail at {_rate:P0} until {_healthyFrom}");
        }

        if (Chance.Next(4) == 0)
        {
            _world.WatchesFail = true;
            _isQuiet = false;
            _story.Add("watches fail");
        }

        if (Chance.Next(3) == 0)
        {
            _reapers = new ReaperHost(_world, Faults);
            _story.Add("the proxy's reaper is at work");
        }

        var count = Chance.Next(1, 5);
        for (var index = 0; index < count; index++)
        {
            AddEngine(index);
        }

        if (Chance.Next(5) < 2)
        {
            Interfere();
        }

        if (_reapers is not null && Chance.Next(3) == 0)
        {
            Later(null, "the reaper crashes", Chance.Next(0, 20_000), _reapers.Crash);
        }

        if (_reapers is not null && Chance.Next(6) == 0)
        {
            var pause = TimeSpan.FromSeconds(Chance.Next(1, 40));
            Later(null, "the reaper stops for a while", Chance.Next(0, 15_000), () => _reapers.Pause(pause));
        }
    }

    private RandomFaults Faults() => new(_world.Scheduler, _rate) { HealthyFrom = _healthyFrom };

    private void AddEngine(int index)
    {
        var hasRights = Chance.Next(5) > 0;
        _isHidden |= !hasRights;
        var engine = new EngineProcess(_world, $"engine-{index}", Faults(), new InterceptLayers { Reaper = hasRights });
        _engines.Add(engine);
        var (begin, hold) = (TimeSpan.FromMilliseconds(Chance.Next(0, 3000)), TimeSpan.FromMilliseconds(Chance.Next(0, 6000)));
        var overlaps = index > 0 && Chance.Next(12) == 0;
        var rehijacks = Chance.Next(4) == 0;
        _isQuiet &= !overlaps;
        engine.Start(begin, hold, engine.Plan(overlaps ? "value-0" : $"value-{index}") with
        {
            TimeToLive = _timeToLive,
            WhenReverted = rehijacks ? WhenReverted.Rehijack : WhenReverted.Yield,
        });
        _story.Add($"{engine.Actor.Name} begins at {begin}, holds for {hold}, lives for {_timeToLive}{(overlaps ? ", takes what engine-0 takes" : "")}{(rehijacks ? ", hijacks again" : "")}");
        if (Chance.Next(2) == 0)
        {
            AddWatchdog(engine);
        }

        Disturb(engine);
    }

    private void AddWatchdog(EngineProcess engine)
    {
        var watchdog = new SimulatedWatchdog(_world, engine, Faults());
        _watchdogs.Add(watchdog);
        _story.Add($"{engine.Actor.Name} has a watchdog");
        if (Chance.Next(4) == 0)
        {
            Later(watchdog.Actor, "dies", Chance.Next(0, 10_000), watchdog.Actor.Kill);
        }
    }

    private void Disturb(EngineProcess engine)
    {
        switch (Chance.Next(12))
        {
            case < 4:
                Later(engine.Actor, "dies", Chance.Next(0, 8000), () =>
                {
                    _world.Statistics.Add("crashes");
                    engine.Actor.Kill();
                });
                break;
            case 4 or 5:
                var pause = _timeToLive * (0.2 + (2 * Chance.NextDouble()));
                Later(engine.Actor, $"stops for {pause}", Chance.Next(0, 8000), () =>
                {
                    _world.Statistics.Add("pauses");
                    engine.Actor.Pause(pause);
                });
                break;
            case 6:
                var error = TimeSpan.FromMinutes(Chance.Next(-90, 90));
                Later(engine.Actor, $"has its clock jump by {error}", Chance.Next(0, 5000), () =>
                {
                    _world.Statistics.Add("clock jumps");
                    engine.Actor.Time.WallClockError = error;
                });
                break;
            case 7:
                Later(engine.Actor, "is cancelled", Chance.Next(0, 5000), engine.Cancel);
                break;
        }
    }

    private void Later(Scheduling.Actor? actor, string what, int milliseconds, Action action)
    {
        _isQuiet = false;
        var who = actor?.Name ?? "chance";
        _story.Add($"{who} {what} at {milliseconds} ms");
        _world.Scheduler.After(TimeSpan.FromMilliseconds(milliseconds), null, () =>
        {
            if (actor is { HasEnded: true })
            {
                return;
            }

            _world.Trace.Note(who, what);
            if (actor is null)
            {
                action();
            }
            else
            {
                actor.Run(action);
            }
        });
    }

    private void Interfere()
    {
        _isQuiet = false;
        var third = new ThirdParty(_world, _landscape);
        for (var count = Chance.Next(1, 5); count > 0; count--)
        {
            Action action = Chance.Next(30) switch { 0 => third.DeleteNamespace, < 5 => third.DeleteSomething, _ => third.EditSomething };
            _story.Add($"somebody: {action.Method.Name}");
            _world.Scheduler.After(TimeSpan.FromMilliseconds(Chance.Next(0, 9000)), null, () =>
            {
                _world.Statistics.Add("edits and deletions by others");
                action();
            });
        }
    }

    private void Play()
    {
        var ended = _world.Scheduler.RunUntil(
            () => _engines.TrueForAll(engine => engine.Actor.HasEnded) && !_watchdogs.Exists(watchdog => watchdog.IsAtWork), Limit);
        if (!ended)
        {
            _world.Report("L1", $"not ended after {_world.Scheduler.Now}: {string.Join(", ", _world.Processes.All.Where(actor => !actor.HasEnded).Select(actor => actor.Name))}");
            return;
        }

        // The last of what somebody else does, and of what comes late, may still be to come.
        _world.Scheduler.RunUntil(() => false, Max(_world.Scheduler.Now + TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)));
        _world.Settle();
        if (_isQuiet)
        {
            foreach (var engine in _engines.Where(engine => !engine.HasClosed))
            {
                _world.Report("QUIET", $"nothing went wrong, and {engine.Actor.Name} ended with: {engine.Result}");
            }

            RestInvariants.Check(_world);
        }

        if (_reapers is not null && Chance.Next(2) == 0)
        {
            LetReap();
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

    /// <summary>L1 with nobody but the reaper: everything that its pod is there for is closed within the time to live and 15 seconds.</summary>
    private void LetReap()
    {
        _world.Scheduler.RunUntil(() => false, Max(Max(_world.Scheduler.Now, _healthyFrom), _reapers!.PausedUntil));
        var begun = _world.Scheduler.Now;
        // Of whom it may not see the Session, because that one could not give it the right, it can't know whether it lives; and with
        // the proxy's ConfigMap somebody else's deletion takes its rights.
        if (!_reapers.IsAtWork || _isHidden || _world.Steps.ResidueIsDisturbed)
        {
            return;
        }

        if (!_world.Scheduler.RunUntil(() => !_reapers.IsAtWork, begun + _timeToLive + ReaperPatience))
        {
            _world.Report("L1", $"the reaper has not done its work {_timeToLive + ReaperPatience} after the last engine ended");
        }

        _world.Settle();
        RestInvariants.CheckService(_world);
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

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
