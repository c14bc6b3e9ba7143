namespace Intercept.Testing;

/// <summary>Which residue is of interest.</summary>
public sealed record ResidueOptions
{
    /// <summary>
    /// The namespaces to look into. The default is all that the account may list; where it may not list all, those of the Services
    /// that this cluster object has intercepted, otherwise the kubeconfig context's own.
    /// </summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>
    /// Whether only what the same user on this machine, or the same CI run, has left counts: on a cluster that others use at the
    /// same time. What nobody's Session explains is not counted then. The default is <see langword="false"/>.
    /// </summary>
    public bool Mine { get; init; }

    /// <summary>How long to wait for what goes by itself, such as pods that are ending, before it counts as left. The default is 20 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}
