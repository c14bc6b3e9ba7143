namespace Intercept.Proxy.Protocol;

/// <summary>The part of a Service that a hijack changes: which pods, and at which of their ports.</summary>
/// <param name="Selector">Labels of the pods.</param>
/// <param name="Ports">In the Service's own order.</param>
internal sealed record ServiceRouting(IReadOnlyDictionary<string, string> Selector, IReadOnlyList<PortTarget> Ports)
{
    /// <summary>Where a port leads; null for one that is not among these.</summary>
    public string? TargetOf(PortTarget port) => Ports.FirstOrDefault(port.IsFor)?.TargetPort;

    /// <summary>Whether both select the same pods.</summary>
    public bool SelectsAs(IReadOnlyDictionary<string, string> selector) =>
        selector.Count == Selector.Count && Selector.All(pair => selector.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
