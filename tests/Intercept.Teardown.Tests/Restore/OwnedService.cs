using System.Collections.Immutable;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>A Service in the cluster, and what its owner has of it.</summary>
internal sealed record OwnedService
{
    public required ImmutableSortedDictionary<string, string> Selector { get; init; }

    public required ImmutableList<PortTarget> Ports { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The owner's file as it is now.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The owner's file as it was applied last.</summary>
    public required Manifest LastApplied { get; init; }

    public ServiceRouting Routing => new(Selector, Ports);

    /// <summary>A Service that was made by applying a file.</summary>
    public static OwnedService From(Manifest manifest) => new()
    {
        Selector = manifest.Selector,
        Ports = manifest.Ports,
        Manifest = manifest,
        LastApplied = manifest,
    };

    public bool Equals(OwnedService? other) =>
        other is not null
        && Selector.SequenceEqual(other.Selector)
        && Ports.SequenceEqual(other.Ports)
        && Labels.SequenceEqual(other.Labels)
        && Annotations.SequenceEqual(other.Annotations);

    public override int GetHashCode() => HashCode.Combine(Selector.Count, Ports.Count, Labels.Count, Annotations.Count);

    public override string ToString() =>
        $"{new Manifest(Selector, Ports)} labels {{{Manifest.Describe(Labels)}}} annotations {{{Manifest.Describe(Annotations)}}}";
}
