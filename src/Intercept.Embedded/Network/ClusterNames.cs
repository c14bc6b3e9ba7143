using System.Net;
using k8s.Models;

namespace Intercept.Embedded.Network;

/// <summary>Cluster DNS and routing in one step: from the name or address that a pod's program dials to a real socket.</summary>
internal sealed class ClusterNames(ClusterNetwork network, ServiceTable services)
{
    private const string ClusterDomain = ".cluster.local";

    public Destination Resolve(PodContext pod, string host, int port)
    {
        host = host.TrimEnd('.');
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return Route(pod, address, port);
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Route(pod, IPAddress.Loopback, port);
        }

        var name = host.EndsWith(ClusterDomain, StringComparison.OrdinalIgnoreCase) ? host[..^ClusterDomain.Length] : host;
        var labels = name.ToLowerInvariant().Split('.');
        var service = labels switch
        {
            [var only] when name.Length == host.Length => services.Find(pod.Namespace, only),
            [var first, var second] when name.Length == host.Length => services.Find(second, first),
            [var first, var second, "svc"] => services.Find(second, first),
            _ => null,
        };
        if (service is not null)
        {
            return Route(pod, service, port);
        }

        // What has no dot, or is in the cluster's own domain, is nobody else's to answer; other names go to the outer DNS.
        return labels.Length == 1 || name.Length != host.Length || labels[^1] == "svc" ? Destination.UnknownName : Destination.Outside(host, port);
    }

    private Destination Route(PodContext pod, V1Service service, int port)
    {
        if (service.Spec.Type == "ExternalName")
        {
            return Resolve(pod, service.Spec.ExternalName, port);
        }

        if (service.Spec.ClusterIP is null or "" or "None")
        {
            var backend = services.PickReadyAddress(service.Metadata.NamespaceProperty, service.Metadata.Name);
            return backend is null ? Destination.UnknownName : Route(pod, backend, port);
        }

        return Route(pod, IPAddress.Parse(service.Spec.ClusterIP), port);
    }

    private Destination Route(PodContext pod, IPAddress address, int port)
    {
        if (IPAddress.IsLoopback(address))
        {
            var shared = port == network.ApiServerPort ? new IPEndPoint(IPAddress.Loopback, port) : network.Refusing;
            return Destination.Inside(pod.Network.FindLocal(port) ?? shared);
        }

        if (network.Find(address, port) is { } real)
        {
            return Destination.Inside(real);
        }

        return ClusterNetwork.Contains(address) ? Destination.Inside(network.Refusing) : Destination.Outside(address.ToString(), port);
    }
}
