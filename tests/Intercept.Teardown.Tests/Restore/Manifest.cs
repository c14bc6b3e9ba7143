using System.Collections.Immutable;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>The owner's file.</summary>
internal sealed record Manifest(ImmutableSortedDictionary<string, string> Selector, ImmutableList<PortTarget> Ports)
{
    public override string ToString() => $"{{{Describe(Selector)}}} [{string.Join(", ", Ports.Select(port => $"{port.Port}/{port.Protocol}>{port.TargetPort}"))}]";

    public static string Describe(IEnumerable<KeyValuePair<string, string>> map) => string.Join(", ", map.Select(pair => $"{pair.Key}: {pair.Value}"));
}
