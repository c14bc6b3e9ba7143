namespace Intercept;

/// <summary>A Service that an intercept has written to, as it is now.</summary>
public sealed record TouchedService
{
    /// <summary>The Service.</summary>
    public required ServiceReference Service { get; init; }

    /// <summary>Whether anything of a hijack's selector or target ports is on it.</summary>
    public bool IsHijacked { get; init; }

    /// <summary>The participants that its record names.</summary>
    public IReadOnlyList<ResidueOwner> Participants { get; init; } = [];

    /// <summary>Sessions of participants that somebody is closing, and that may not enter any more.</summary>
    public IReadOnlyList<string> Fences { get; init; } = [];

    /// <summary>
    /// What of its selector and ports other people changed since the hijack; empty where it is, or after the restore will be, what it
    /// was. Null where what it was is not known.
    /// </summary>
    public IReadOnlyList<ServiceDifference>? Differences { get; init; }

    /// <summary>Whether <c>metadata.managedFields</c> names us as owner of a part of the spec.</summary>
    public bool OwnsFields { get; init; }

    /// <summary>
    /// Whether nothing of ours has an effect any more, although a trace may be left: a record whose participants are gone on a Service
    /// that leads to the original pods. The next intercept takes such a trace away.
    /// </summary>
    public bool IsClean => !IsHijacked && !OwnsFields && Fences.Count == 0 && Participants.All(participant => participant.Holder is null);

    /// <summary>Whether only open sessions of this very process have to do with it.</summary>
    public bool IsOwn => Participants.Count > 0 && Participants.All(participant => participant.IsOwn);

    /// <summary>One line.</summary>
    public override string ToString()
    {
        var participants = Participants.Count == 0 ? string.Empty : $", record names {string.Join("; ", Participants)}";
        var fences = Fences.Count == 0 ? string.Empty : $", being closed: {string.Join(", ", Fences)}";
        var fields = OwnsFields ? ", managedFields names intercept" : string.Empty;
        var differences = Differences is not { Count: > 0 } ? string.Empty : $", changed by others: {string.Join("; ", Differences)}";
        return $"{Service} {(IsHijacked ? "is hijacked" : "leads to the original pods")}{participants}{fences}{fields}{differences}";
    }
}

/// <summary>A part of a Service that is not as it was before the hijack.</summary>
/// <param name="Field">The field: <c>spec.selector.app</c>, <c>spec.ports[3010/TCP].targetPort</c>.</param>
/// <param name="Before">What it was; null where it was not there.</param>
/// <param name="Now">What it is, or will be after the restore; null where it is not there.</param>
/// <param name="Manager">Who set it last, by <c>metadata.managedFields</c>; null where nobody says so.</param>
public sealed record ServiceDifference(string Field, string? Before, string? Now, string? Manager)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Field}: {Before ?? "absent"} -> {Now ?? "absent"} ({Manager ?? "nobody says who"})";
}
