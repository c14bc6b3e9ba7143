using Intercept.Engine.Journal;

namespace Intercept;

/// <summary>A participant that something of ours in the cluster belongs to, as its Session tells.</summary>
public sealed record ResidueOwner
{
    /// <summary>Name of its Session.</summary>
    public required string Session { get; init; }

    /// <summary>Who holds it, in words: usually the test or fixture class. Null where its Session is gone or can't be read.</summary>
    public string? Holder { get; init; }

    /// <summary>The user who ran it.</summary>
    public string? User { get; init; }

    /// <summary>The machine that it ran on.</summary>
    public string? Host { get; init; }

    /// <summary>The CI run's address; null outside of CI.</summary>
    public string? CiRun { get; init; }

    /// <summary>When the holder was alive last, as its Session tells; null where it does not.</summary>
    public DateTimeOffset? Heartbeat { get; init; }

    /// <summary>Whether it is an open session of this very process.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether the same user on this machine, or the same CI run, holds it.</summary>
    public bool IsMine { get; init; }

    /// <summary>One line: who, where, since when.</summary>
    public override string ToString() =>
        Description ?? (Holder is null ? $"Session {Session}, which is gone or can't be read" : $"{Holder} ({User} on {Host})");

    internal string? Description { get; init; }

    internal static ResidueOwner Of(SessionResource session, TimeProvider time)
    {
        var holder = session.Spec.Holder;
        var isOwn = holder.IsCurrent();
        return new ResidueOwner
        {
            Session = session.Metadata.Name,
            Holder = holder.Name,
            User = holder.User,
            Host = holder.Host,
            CiRun = holder.CiRun,
            Heartbeat = DateTimeOffset.TryParse(session.Status?.Heartbeat, System.Globalization.CultureInfo.InvariantCulture, out var beat) ? beat : null,
            IsOwn = isOwn,
            IsMine = isOwn || holder.IsMine(),
            Description = $"{holder.Describe(time)}{(isOwn ? ", open in this process" : string.Empty)}",
        };
    }

    internal static ResidueOwner Unknown(string session, string? why) => new()
    {
        Session = session,
        Description = why is null ? $"Session {session}, which is gone" : $"Session {session}, which can't be read: {why}",
    };
}
