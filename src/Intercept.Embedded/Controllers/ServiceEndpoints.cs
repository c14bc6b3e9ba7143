using System.Globalization;
using k8s.Models;

namespace Intercept.Embedded.Controllers;

/// <summary>Endpoints that have the same port numbers: a named targetPort may mean another number in another pod.</summary>
internal sealed record EndpointGroup(IList<Discoveryv1EndpointPort> Ports, IList<V1Endpoint> Endpoints);

/// <summary>Which pods stand behind a Service, and at which ports.</summary>
internal static class ServiceEndpoints
{
    public static IReadOnlyList<EndpointGroup> Of(V1Service service, IEnumerable<V1Pod> pods)
    {
        var groups = pods
            .Where(pod => Selectors.Matches(service.Spec.Selector, pod.Metadata.Labels))
            .Where(pod => pod.Status is { PodIP: not (null or ""), Phase: not ("Succeeded" or "Failed") })
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => (Pod: pod, Ports: Ports(service, pod)))
            .GroupBy(entry => string.Join(',', entry.Ports.Select(port => $"{port.Name}/{port.Port}")))
            .Select(group => new EndpointGroup(group.First().Ports, [.. group.Select(entry => Endpoint(service, entry.Pod))]))
            .ToList();
        return groups.Count > 0 ? groups : [new EndpointGroup([], [])];
    }

    /// <summary>The same as the older Endpoints object tells it.</summary>
    public static IList<V1EndpointSubset>? Subsets(IReadOnlyList<EndpointGroup> groups)
    {
        var subsets = groups.Where(group => group.Endpoints.Count > 0).Select(group => new V1EndpointSubset
        {
            Addresses = Addresses(group, ready: true),
            NotReadyAddresses = Addresses(group, ready: false),
            Ports = [.. group.Ports.Select(port => new Corev1EndpointPort
            {
                Name = port.Name is "" ? null : port.Name,
                Port = port.Port ?? 0,
                Protocol = port.Protocol,
                AppProtocol = port.AppProtocol,
            })],
        }).ToList();
        return subsets.Count == 0 ? null : subsets;
    }

    private static List<V1EndpointAddress>? Addresses(EndpointGroup group, bool ready)
    {
        var addresses = group.Endpoints
            .Where(endpoint => endpoint.Conditions.Ready == ready && endpoint.Conditions.Terminating != true)
            .Select(endpoint => new V1EndpointAddress { Ip = endpoint.Addresses[0], NodeName = endpoint.NodeName, TargetRef = endpoint.TargetRef })
            .ToList();
        return addresses.Count == 0 ? null : addresses;
    }

    private static List<Discoveryv1EndpointPort> Ports(V1Service service, V1Pod pod) =>
        [.. from port in service.Spec.Ports ?? []
            let number = PortNumber(port, pod)
            where number is not null
            select new Discoveryv1EndpointPort
            {
                Name = port.Name ?? "",
                Port = number,
                Protocol = port.Protocol ?? "TCP",
                AppProtocol = port.AppProtocol,
            }];

    private static int? PortNumber(V1ServicePort port, V1Pod pod)
    {
        var target = port.TargetPort?.Value;
        return string.IsNullOrEmpty(target)
            ? port.Port
            : int.TryParse(target, CultureInfo.InvariantCulture, out var number)
            ? number
            : pod.Spec.Containers
                .SelectMany(container => container.Ports ?? [])
                .FirstOrDefault(named => named.Name == target && (named.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.ContainerPort;
    }

    private static V1Endpoint Endpoint(V1Service service, V1Pod pod)
    {
        var terminating = pod.Metadata.DeletionTimestamp is not null;
        var serving = pod.IsReady();
        return new V1Endpoint
        {
            Addresses = [pod.Status.PodIP],
            NodeName = pod.Spec.NodeName,
            Conditions = new V1EndpointConditions
            {
                Ready = service.Spec.PublishNotReadyAddresses == true || (serving && !terminating),
                Serving = serving,
                Terminating = terminating,
            },
            TargetRef = new V1ObjectReference
            {
                Kind = V1Pod.KubeKind,
                NamespaceProperty = pod.Metadata.NamespaceProperty,
                Name = pod.Metadata.Name,
                Uid = pod.Metadata.Uid,
            },
        };
    }
}
