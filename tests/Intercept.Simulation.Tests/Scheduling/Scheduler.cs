namespace Intercept.Simulation.Tests.Scheduling;

/// <summary>
/// Virtual time and the order of everything: one thread, one queue of events, one seeded source of chance. What happens at the
/// same instant happens in an order that the seed decides.
/// </summary>
internal sealed class Scheduler(int seed)
{
    private readonly PriorityQueue<ScheduledEvent, (long Due, int Tie, long Number)> _events = new();
    private readonly Queue<(Actor Actor, SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _number;

    /// <summary>The only source of chance of a schedule.</summary>
    public Random Chance { get; } = new(seed);

    /// <summary>Virtual time since the schedule began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Events so far.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// The first time that something came back from another thread: the code under test left the scheduler (a thread pool, a
    /// real timer, real I/O), and its order is no longer the seed's.
    /// </summary>
    public string? Escape { get; private set; }

    /// <summary>Lets something happen later; to an actor only while it lives, and not while it is paused.</summary>
    public ScheduledEvent After(TimeSpan delay, Actor? actor, Action action)
    {
        var scheduled = new ScheduledEvent(actor, action);
        Enqueue(scheduled, delay);
        return scheduled;
    }

    /// <summary>A continuation of an actor: runs before time goes on.</summary>
    public void Post(Actor actor, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Escape ??= $"A continuation of {actor.Name} came from another thread:{Environment.NewLine}{Environment.StackTrace}";
            return;
        }

        _ready.Enqueue((actor, callback, state));
    }

    /// <summary>Runs until the condition holds; false where nothing is left to happen, or the time is over.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        while (true)
        {
            RunReady();
            if (condition())
            {
                return true;
            }

            if (Escape is not null || !_events.TryDequeue(out var next, out var due))
            {
                return false;
            }

            if (due.Due > limit.Ticks)
            {
                _events.Enqueue(next, due);
                return false;
            }

            Run(next, TimeSpan.FromTicks(due.Due));
        }
    }

    /// <summary>A delay of an ordinary network or program: mostly short, sometimes long, never the same.</summary>
    public TimeSpan Latency() => Chance.Next(20) switch
    {
        0 => TimeSpan.FromMilliseconds(Chance.Next(50, 800)),
        < 5 => TimeSpan.FromMilliseconds(Chance.Next(5, 50)),
        _ => TimeSpan.FromMicroseconds(Chance.Next(200, 5000)),
    };

    private void Enqueue(ScheduledEvent scheduled, TimeSpan delay)
    {
        var due = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _events.Enqueue(scheduled, (due.Ticks, Chance.Next(), _number++));
    }

    private void Run(ScheduledEvent next, TimeSpan due)
    {
        Now = due > Now ? due : Now;
        if (next.IsCancelled || next.Actor is { IsAlive: false })
        {
            return;
        }

        if (next.Actor is { } actor && actor.PausedUntil > Now)
        {
            Enqueue(next, actor.PausedUntil - Now);
            return;
        }

        Steps++;
        next.Action();
    }

    private void RunReady()
    {
        while (_ready.TryDequeue(out var item))
        {
            var (actor, callback, state) = item;
            if (!actor.IsAlive)
            {
                continue;
            }

            if (actor.PausedUntil > Now)
            {
                After(actor.PausedUntil - Now, actor, () => Post(actor, callback, state));
                continue;
            }

            var before = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(actor.Context);
            try
            {
                callback(state);
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(before);
            }
        }
    }
}

/// <summary>Something that is to happen.</summary>
internal sealed class ScheduledEvent(Actor? actor, Action action)
{
    public Actor? Actor => actor;

    public Action Action => action;

    public bool IsCancelled { get; private set; }

    public void Cancel() => IsCancelled = true;
}
