namespace Intercept.Proxy.Protocol;

/// <summary>Where one port of a Service leads. A port is known by number and protocol, never by its place in the list.</summary>
/// <param name="Port">The Service's port.</param>
/// <param name="Protocol">TCP.</param>
/// <param name="TargetPort">Number or name of the pods' port.</param>
internal sealed record PortTarget(int Port, string Protocol, string TargetPort)
{
    /// <summary>Whether both are about the same port.</summary>
    public bool IsFor(PortTarget other) => other.Port == Port && other.Protocol == Protocol;
}
