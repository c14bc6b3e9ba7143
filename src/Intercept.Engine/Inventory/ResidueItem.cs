namespace Intercept;

/// <summary>One object of ours in the cluster.</summary>
public sealed record ResidueItem
{
    /// <summary>Its kind: <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the intercepted Service in the same namespace, cut to 63 characters; null where it does not tell.</summary>
    public string? Service { get; init; }

    /// <summary>The participants that need it.</summary>
    public IReadOnlyList<ResidueOwner> Owners { get; init; } = [];

    /// <summary>How old it is, by this machine's clock and the cluster's.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>Whether it goes by itself: it is being deleted, or is a pod or ReplicaSet of the proxy.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Whether it belongs to open sessions of this very process alone.</summary>
    public bool IsOwn => Owners.Count > 0 && Owners.All(owner => owner.IsOwn);
}
