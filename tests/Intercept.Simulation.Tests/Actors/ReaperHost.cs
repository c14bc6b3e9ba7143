using Intercept.Embedded.ApiServer.Storage;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Scheduling;
using k8s;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>The node that runs the proxies' pods: a reaper in each, as long as the pod is there, and a new one after a crash.</summary>
internal sealed class ReaperHost
{
    private readonly World _world;
    private readonly Func<IFaults> _faults;
    private readonly Dictionary<string, Actor> _running = new(StringComparer.Ordinal);
    private int _count;

    public ReaperHost(World world, Func<IFaults> faults)
    {
        _world = world;
        _faults = faults;
        world.Cluster.Store.Changed += Note;
    }

    /// <summary>Whether a proxy's pod has a reaper that is at work.</summary>
    public bool IsAtWork => _running.Values.Any(actor => !actor.HasEnded);

    /// <summary>Until when they stand still.</summary>
    public TimeSpan PausedUntil { get; private set; }

    /// <summary>One reaper's process ends; its container begins anew a little later.</summary>
    public void Crash()
    {
        foreach (var (uid, actor) in _running.Where(pair => !pair.Value.HasEnded).ToArray())
        {
            _world.Trace.Note(actor.Name, "crashes");
            actor.Kill();
            _world.Scheduler.After(TimeSpan.FromMilliseconds(_world.Scheduler.Chance.Next(200, 4000)), null, () => Start(uid));
        }
    }

    /// <summary>The reapers that run stop for a while.</summary>
    public void Pause(TimeSpan duration)
    {
        PausedUntil = _world.Scheduler.Now + duration;
        foreach (var actor in _running.Values)
        {
            actor.Pause(duration);
        }
    }

    // Under the store's lock: only takes note.
    private void Note(StoreEvent change)
    {
        if (change.Table.Resource.Plural != "pods" || !change.Object.Labels.ContainsKey(Marks.SessionLabel))
        {
            return;
        }

        var uid = change.Object.Uid;
        switch (change.Type)
        {
            case WatchEventType.Added:
                _world.Scheduler.After(TimeSpan.Zero, null, () => Start(uid));
                break;
            case WatchEventType.Deleted:
                _world.Scheduler.After(TimeSpan.Zero, null, () => _running.GetValueOrDefault(uid)?.Kill());
                break;
        }
    }

    private void Start(string uid)
    {
        if (_world.Cluster.Store.FindByUid(uid) is not { IsTerminating: false } pod)
        {
            return;
        }

        if (ReaperProcess.Create(_world, $"reaper-{++_count}", pod, _faults()) is { } reaper)
        {
            _running[uid] = reaper.Actor;
            reaper.Start();
        }
    }
}
