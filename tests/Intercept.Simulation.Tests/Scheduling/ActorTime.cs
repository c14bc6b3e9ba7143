namespace Intercept.Simulation.Tests.Scheduling;

/// <summary>
/// The clock of an actor: the scheduler's time, with timers that end with the actor. The wall clock may jump, the monotonic one
/// never does.
/// </summary>
internal sealed class ActorTime(Scheduler scheduler, Actor? actor) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>By how much the wall clock is wrong.</summary>
    public TimeSpan WallClockError { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => scheduler.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Epoch + scheduler.Now + WallClockError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(scheduler, actor, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Scheduler scheduler, Actor? actor, TimerCallback callback, object? state) : ITimer
    {
        private ScheduledEvent? _next;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.Cancel();
            _period = period;
            _next = dueTime == Timeout.InfiniteTimeSpan ? null : scheduler.After(dueTime, actor, Fire);
            return true;
        }

        public void Dispose() => _next?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            _next = _period > TimeSpan.Zero ? scheduler.After(_period, actor, Fire) : null;
            callback(state);
        }
    }
}
