using Intercept.Engine.Journal;

namespace Intercept.Engine.Closing;

/// <summary>Whom a sweep may close.</summary>
internal sealed record SweepScope
{
    /// <summary>Everybody who is dead, and what nobody's Session explains.</summary>
    public static SweepScope Dead { get; } = new();

    /// <summary>The same, without waiting for anybody: whose heartbeat looks old stays.</summary>
    public static SweepScope DeadForCertain { get; } = new() { WatchesSilent = false };

    /// <summary>Whether to watch whose heartbeat looks old for its time to live.</summary>
    public bool WatchesSilent { get; init; } = true;

    /// <summary>Only what the same user on this machine, or the same CI run, has left.</summary>
    public bool Mine { get; init; }

    /// <summary>Only Sessions that were written longer ago than this.</summary>
    public TimeSpan OlderThan { get; init; }

    /// <summary>The living too, but not those of this process.</summary>
    public bool Living { get; init; }

    /// <summary>Whether also to close what has no Session, of which owner and age are unknown.</summary>
    public bool IncludesNameless => !Mine && OlderThan == TimeSpan.Zero;

    /// <summary>Whether a Session is of interest.</summary>
    public bool Includes(SessionResource session, TimeProvider time) =>
        (!Mine || session.Spec.Holder.IsMine())
        && (OlderThan == TimeSpan.Zero || (session.Metadata.CreationTimestamp is { } created && time.GetUtcNow() - new DateTimeOffset(DateTime.SpecifyKind(created, DateTimeKind.Utc)) > OlderThan))
        && !(Living && session.Spec.Holder.IsCurrent());
}
