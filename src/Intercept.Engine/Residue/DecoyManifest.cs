using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>
/// The decoy: an ordinary ClusterIP Service with the selector and ports that the intercepted one had, through which the proxy
/// reaches the original pods.
/// </summary>
internal static class DecoyManifest
{
    public static V1Service Create(V1Service service, ServiceRouting original) => new()
    {
        Metadata = OwnedMetadata.For(service),
        Spec = new V1ServiceSpec
        {
            Type = "ClusterIP",
            Selector = original.Selector.ToDictionary(),
            Ports =
            [
                .. service.Spec.Ports.Select(port => new V1ServicePort
                {
                    Name = port.Name,
                    Port = port.Port,
                    Protocol = port.Protocol,
                    AppProtocol = port.AppProtocol,
                    TargetPort = original.TargetOf(port.ToTarget()) ?? port.TargetPort,
                }),
            ],
            PublishNotReadyAddresses = service.Spec.PublishNotReadyAddresses,
            SessionAffinity = service.Spec.SessionAffinity == "ClientIP" ? "None" : service.Spec.SessionAffinity,
        },
    };
}
