using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Background;
using Intercept.Embedded.Network;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Controllers;

/// <summary>Writes down which pods a Service's selector finds: as EndpointSlices, and as Endpoints for older readers.</summary>
internal sealed class EndpointSliceController : IDisposable
{
    private const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    private const string ManagedBy = "endpointslice-controller.k8s.io";

    private readonly ILocalApi _api;
    private readonly WorkQueue<ObjectKey> _queue;

    public EndpointSliceController(ILocalApi api, TimeProvider time, ILogger logger)
    {
        _api = api;
        _queue = new WorkQueue<ObjectKey>("endpointslices", ReconcileAsync, time, logger);
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _queue.RunAsync(cancellationToken),
        WatchServicesAsync(cancellationToken),
        WatchPodsAsync(cancellationToken),
        WatchSlicesAsync(cancellationToken));

    public void Dispose() => _queue.Dispose();

    private async Task WatchServicesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1Service>(cancellationToken).ConfigureAwait(false))
        {
            _queue.Add(ObjectKey.Of(change.Object));
        }
    }

    private async Task WatchPodsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1Pod>(cancellationToken).ConfigureAwait(false))
        {
            // A changed label may take the pod out of a Service that the new labels do not name: all of the namespace look again.
            foreach (var service in _api.List<V1Service>(change.Object.Metadata.NamespaceProperty))
            {
                _queue.Add(ObjectKey.Of(service));
            }
        }
    }

    private async Task WatchSlicesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1EndpointSlice>(cancellationToken).ConfigureAwait(false))
        {
            if (change.Type == WatchEventType.Deleted && change.Object.GetLabel(ServiceTable.ServiceNameLabel) is { } service)
            {
                _queue.Add(new ObjectKey(change.Object.Metadata.NamespaceProperty, service));
            }
        }
    }

    private ValueTask ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var own = _api.List<V1EndpointSlice>(key.Namespace)
            .Where(slice => slice.GetLabel(ServiceTable.ServiceNameLabel) == key.Name && slice.GetLabel(ManagedByLabel) == ManagedBy)
            .ToList();
        var service = _api.Get<V1Service>(key.Namespace, key.Name);
        if (service is null or { Metadata.DeletionTimestamp: not null })
        {
            own.ForEach(Delete);
            _api.Delete<V1Endpoints>(key.Namespace, key.Name);
            return ValueTask.CompletedTask;
        }

        // Without a selector the endpoints are someone else's to write.
        if (service.Spec.Selector is { Count: > 0 } && service.Spec.Type != "ExternalName")
        {
            var wanted = ServiceEndpoints.Of(service, _api.List<V1Pod>(key.Namespace));
            WriteSlices(service, wanted, own);
            WriteEndpoints(service, wanted);
        }

        return ValueTask.CompletedTask;
    }

    private void WriteSlices(V1Service service, IReadOnlyList<EndpointGroup> wanted, List<V1EndpointSlice> own)
    {
        foreach (var group in wanted)
        {
            var reused = own.Find(slice => Same(slice.Ports, group.Ports)) ?? own.Find(slice => slice.Endpoints is null or { Count: 0 });
            if (reused is null)
            {
                _api.Create(NewSlice(service, group));
                continue;
            }

            own.Remove(reused);
            var labels = Labels(service);
            if (!Same(reused.Ports, group.Ports) || !Same(reused.Endpoints, group.Endpoints) || !Same(reused.Metadata.Labels, labels))
            {
                reused.Ports = group.Ports;
                reused.Endpoints = group.Endpoints;
                reused.Metadata.Labels = labels;
                _api.Update(reused);
            }
        }

        own.ForEach(Delete);
    }

    private static V1EndpointSlice NewSlice(V1Service service, EndpointGroup group) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = V1EndpointSlice.KubeKind,
        AddressType = "IPv4",
        Metadata = new V1ObjectMeta
        {
            GenerateName = service.Metadata.Name + "-",
            NamespaceProperty = service.Metadata.NamespaceProperty,
            Labels = Labels(service),
            OwnerReferences = [Owners.Controller(service, V1Service.KubeApiVersion, V1Service.KubeKind)],
        },
        Ports = group.Ports,
        Endpoints = group.Endpoints,
    };

    private static SortedDictionary<string, string> Labels(V1Service service)
    {
        var labels = new SortedDictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            [ServiceTable.ServiceNameLabel] = service.Metadata.Name,
            [ManagedByLabel] = ManagedBy,
        };
        if (service.Spec.ClusterIP == "None")
        {
            labels["service.kubernetes.io/headless"] = "";
        }

        return labels;
    }

    private void WriteEndpoints(V1Service service, IReadOnlyList<EndpointGroup> groups)
    {
        var subsets = ServiceEndpoints.Subsets(groups);
        var endpoints = _api.Get<V1Endpoints>(service.Metadata.NamespaceProperty, service.Metadata.Name);
        if (endpoints is null)
        {
            _api.Create(new V1Endpoints
            {
                ApiVersion = V1Endpoints.KubeApiVersion,
                Kind = V1Endpoints.KubeKind,
                Metadata = new V1ObjectMeta
                {
                    Name = service.Metadata.Name,
                    NamespaceProperty = service.Metadata.NamespaceProperty,
                    Labels = service.Metadata.Labels,
                },
                Subsets = subsets,
            });
        }
        else if (!Same(endpoints.Subsets, subsets))
        {
            endpoints.Subsets = subsets;
            _api.Update(endpoints);
        }
    }

    private void Delete(V1EndpointSlice slice) => _api.Delete<V1EndpointSlice>(slice.Metadata.NamespaceProperty, slice.Metadata.Name, slice.Metadata.Uid);

    private static bool Same(IDictionary<string, string>? left, SortedDictionary<string, string> right) =>
        left is not null && left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool Same<T>(IList<T>? left, IList<T>? right) =>
        KubernetesJson.Serialize(left ?? []) == KubernetesJson.Serialize(right ?? []);
}
