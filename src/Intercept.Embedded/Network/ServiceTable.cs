using System.Collections.Concurrent;
using System.Net;
using Intercept.Embedded.ApiServer;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Network;

/// <summary>The Services and EndpointSlices as cluster DNS and kube-proxy have last seen them.</summary>
internal sealed class ServiceTable
{
    /// <summary>The label that ties an EndpointSlice to its Service.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    private readonly ConcurrentDictionary<(string Namespace, string Name), V1Service> _services = new();
    private readonly ConcurrentDictionary<(string Namespace, string Name), V1EndpointSlice> _slices = new();

    public IEnumerable<V1Service> Services => _services.Values;

    public V1Service? Find(string namespaceName, string name) => _services.GetValueOrDefault((namespaceName, name));

    public IEnumerable<V1EndpointSlice> SlicesOf(string namespaceName, string service) =>
        _slices.Values.Where(slice => slice.Metadata.NamespaceProperty == namespaceName && slice.GetLabel(ServiceNameLabel) == service);

    /// <summary>The address of a ready pod behind a headless Service.</summary>
    public IPAddress? PickReadyAddress(string namespaceName, string service)
    {
        var ready = SlicesOf(namespaceName, service)
            .SelectMany(slice => slice.Endpoints ?? [])
            .Where(endpoint => endpoint.Conditions?.Ready != false)
            .SelectMany(endpoint => endpoint.Addresses)
            .Distinct()
            .ToArray();
        return ready.Length == 0 ? null : IPAddress.Parse(Random.Shared.GetItems(ready, 1)[0]);
    }

    public void Apply(ObjectEvent<V1Service> change) => Apply(_services, change);

    public void Apply(ObjectEvent<V1EndpointSlice> change) => Apply(_slices, change);

    private static void Apply<T>(ConcurrentDictionary<(string, string), T> table, ObjectEvent<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = (change.Object.Metadata.NamespaceProperty, change.Object.Metadata.Name);
        if (change.Type == WatchEventType.Deleted)
        {
            table.TryRemove(key, out _);
        }
        else
        {
            table[key] = change.Object;
        }
    }
}
