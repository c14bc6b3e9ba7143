using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Intercept.Engine.PortForwards;

/// <summary>The ready pods behind Services, taken in turn.</summary>
internal sealed class ReadyPods(IKubernetes client)
{
    private int _turn = -1;

    /// <summary>A ready pod behind the Service, and the port on which it serves the Service's port.</summary>
    /// <exception cref="IOException">There is no such Service or port, or no ready pod.</exception>
    public async Task<PodPort> PickAsync(string namespaceName, string serviceName, int port, CancellationToken cancellationToken)
    {
        V1Service service;
        V1EndpointSliceList slices;
        try
        {
            service = await client.CoreV1.ReadNamespacedServiceAsync(serviceName, namespaceName, cancellationToken: cancellationToken);
            slices = await client.DiscoveryV1.ListNamespacedEndpointSliceAsync(
                namespaceName, labelSelector: $"kubernetes.io/service-name={serviceName}", cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception)
        {
            throw new IOException($"Can't look up Service {namespaceName}/{serviceName}: {exception.Message} {exception.Response?.Content}", exception);
        }

        var servicePort = service.Spec.Ports.FirstOrDefault(candidate => candidate.Port == port)
            ?? throw new IOException(
                $"Service {namespaceName}/{serviceName} has no port {port}: it has {string.Join(", ", service.Spec.Ports.Select(candidate => candidate.Port))}.");
        PodPort[] pods = [.. slices.Items.SelectMany(slice => PodsOf(slice, servicePort.Name)).Distinct()];
        return pods.Length > 0
            ? pods[(int)((uint)Interlocked.Increment(ref _turn) % (uint)pods.Length)]
            : throw new IOException(
                $"Service {namespaceName}/{serviceName} has no ready pod for port {port}. Look at kubectl get endpointslices,pods -n {namespaceName}.");
    }

    private static IEnumerable<PodPort> PodsOf(V1EndpointSlice slice, string? portName)
    {
        // An unnamed Service port has an empty name in its slices, in some writers' none.
        var port = slice.Ports?.FirstOrDefault(candidate => (candidate.Name ?? string.Empty) == (portName ?? string.Empty))?.Port;
        return port is null
            ? []
            : slice.Endpoints
                .Where(endpoint => endpoint.Conditions?.Ready != false && endpoint.TargetRef?.Kind == "Pod")
                .Select(endpoint => new PodPort(endpoint.TargetRef.Name, port.Value));
    }
}

/// <summary>A port of a pod.</summary>
internal readonly record struct PodPort(string Pod, int Port);
