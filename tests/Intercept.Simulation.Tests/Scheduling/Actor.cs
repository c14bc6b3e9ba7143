namespace Intercept.Simulation.Tests.Scheduling;

/// <summary>A process of the simulation: its code runs on the scheduler, and stops for good where it is killed.</summary>
internal sealed class Actor
{
    private readonly Scheduler _scheduler;

    public Actor(Scheduler scheduler, string name)
    {
        _scheduler = scheduler;
        Name = name;
        Context = new ActorContext(scheduler, this);
        Time = new ActorTime(scheduler, this);
    }

    public string Name { get; }

    /// <summary>Its continuations go here.</summary>
    public SynchronizationContext Context { get; }

    /// <summary>Its clock.</summary>
    public ActorTime Time { get; }

    /// <summary>False once the process has ended: nothing of it runs any more.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Nothing of it runs before this moment (SIGSTOP, a laptop that sleeps).</summary>
    public TimeSpan PausedUntil { get; private set; }

    /// <summary>Whether its own code has come to its end.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>Whether nothing of it will run any more.</summary>
    public bool HasEnded => HasFinished || !IsAlive;

    /// <summary>What its code failed with, where that is not part of the game.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Starts its code.</summary>
    public void Start(Func<Task> body) => _scheduler.Post(
        this,
        async void (_) =>
        {
            try
            {
                await body();
            }
#pragma warning disable CA1031 // Whatever it is, the schedule reports it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failure = exception;
            }

            HasFinished = true;
            Ended?.Invoke();
        },
        null);

    /// <summary>What happens when the process ends, by itself or by force: others notice.</summary>
    public event Action? Ended;

    /// <summary>Ends the process at once.</summary>
    public void Kill()
    {
        if (IsAlive && !HasFinished)
        {
            IsAlive = false;
            Ended?.Invoke();
        }
    }

    /// <summary>Lets something happen in its own context, as if its code did it.</summary>
    public void Run(Action action) => _scheduler.Post(this, _ => action(), null);

    /// <summary>Stops it for a while; what happened to it meanwhile happens afterwards.</summary>
    public void Pause(TimeSpan duration) => PausedUntil = _scheduler.Now + duration;
}
