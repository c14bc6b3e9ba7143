namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>A clock on which the seconds of silence that end a drain are milliseconds.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Haste = 1_000;

    public override long TimestampFrequency => base.TimestampFrequency / Haste;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime / Haste, period);
}
