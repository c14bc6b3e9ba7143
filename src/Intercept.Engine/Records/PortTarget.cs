using k8s.Models;

namespace Intercept.Engine.Records;

/// <summary>Where one port of a Service leads. A port is known by number and protocol, never by its place in the list.</summary>
/// <param name="Port">The Service's port.</param>
/// <param name="Protocol">TCP.</param>
/// <param name="TargetPort">Number or name of the pods' port.</param>
internal sealed record PortTarget(int Port, string Protocol, string TargetPort)
{
    /// <summary>The ports of a live Service.</summary>
    public static IReadOnlyList<PortTarget> Of(V1Service service) => [.. service.Spec.Ports.Select(Of)];

    /// <summary>One port of a live Service.</summary>
    public static PortTarget Of(V1ServicePort port) =>
        new(port.Port, port.Protocol ?? "TCP", port.TargetPort?.Value ?? port.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Whether this is about that port.</summary>
    public bool IsFor(V1ServicePort port) => port.Port == Port && (port.Protocol ?? "TCP") == Protocol;
}
