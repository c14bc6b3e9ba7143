namespace Intercept.Testing;

/// <summary>
/// What a sweep closes. The default is everything whose holder is dead: its process on this machine has ended, its heartbeat stands
/// still for its time to live, or its Session was deleted.
/// </summary>
public sealed record SweepOptions
{
    /// <summary>The namespaces to look into; the default is as in <see cref="ResidueOptions.Namespaces"/>.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>
    /// Whether to close only what the same user on this machine, or the same CI run, has left. What nobody's Session explains stays
    /// then. The default is <see langword="false"/>.
    /// </summary>
    public bool Mine { get; init; }

    /// <summary>
    /// Closes only Sessions older than this; what nobody's Session explains stays then. The default is <see cref="TimeSpan.Zero"/>:
    /// whatever their age.
    /// </summary>
    public TimeSpan OlderThan { get; init; }

    /// <summary>
    /// Whether to close also what is alive, except for the sessions of this process. Its tests fail with
    /// <see cref="InterceptLostException"/>. The default is <see langword="false"/>.
    /// </summary>
    public bool Living { get; init; }
}
