using Intercept.Engine.Hijacking;
using Intercept.Proxy.Configuration;
using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>The Service's ports as the proxy serves them.</summary>
internal static class ProxyPorts
{
    // The prefixes by which meshes and ingress controllers tell protocols apart where appProtocol is not set.
    private static readonly string[] NotHttp =
        ["tcp", "tls", "https", "mongo", "mysql", "postgres", "redis", "amqp", "kafka", "mqtt", "nats", "ldap", "smtp", "ssh", "ftp"];

    public static IReadOnlyList<ProxyPort> Of(V1Service service) =>
    [
        .. service.Spec.Ports.Select((port, index) => new ProxyPort
        {
            Name = NameOf(port),
            Port = port.Port,
            ListenPort = HijackRouting.ListenPort(index),
            DecoyPort = port.Port,
            Protocol = ProtocolOf(port),
        }),
    ];

    /// <summary>The port's name, or its number where it has none.</summary>
    public static string NameOf(V1ServicePort port) => port.Name ?? $"{port.Port}";

    /// <summary>
    /// What callers speak, by <c>appProtocol</c> (the standard names of KEP-3726 and those of common use), else by the name's
    /// first part, as Istio reads it; HTTP where nothing is said.
    /// </summary>
    public static PortProtocol ProtocolOf(V1ServicePort port)
    {
        var said = (port.AppProtocol ?? port.Name?.Split('-')[0] ?? string.Empty).ToUpperInvariant();
        return said switch
        {
            "KUBERNETES.IO/H2C" or "H2C" or "HTTP2" or "GRPC" => PortProtocol.Http2,
            "KUBERNETES.IO/WSS" => PortProtocol.Tcp,
            _ when NotHttp.Contains(said, StringComparer.OrdinalIgnoreCase) => PortProtocol.Tcp,
            _ => PortProtocol.Http1,
        };
    }
}
