using k8s.Models;

namespace Intercept.Engine.Records;

/// <summary>The part of a Service that a hijack changes: which pods, and at which of their ports.</summary>
internal sealed record ServiceRouting(IReadOnlyDictionary<string, string> Selector, IReadOnlyList<PortTarget> Ports)
{
    /// <summary>The routing of a live Service.</summary>
    public static ServiceRouting Of(V1Service service) =>
        new(new SortedDictionary<string, string>(service.Spec.Selector ?? new Dictionary<string, string>(), StringComparer.Ordinal), PortTarget.Of(service));

    /// <summary>The recorded target of a port; null for a port that came later.</summary>
    public string? TargetOf(V1ServicePort port) => Ports.FirstOrDefault(target => target.IsFor(port))?.TargetPort;
}
