namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>
/// Time for whoever is held between two steps: pauses between two looks are as they are, but no time-out ever comes, and no second
/// beat of a heart.
/// </summary>
internal sealed class PatientTime : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > LongestPause ? Timeout.InfiniteTimeSpan : dueTime, period);
}
