using System.Net;
using k8s.Models;
using Intercept.Embedded.ApiServer;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Network;

/// <summary>
/// Gives every Service port a real listener that balances connections over the endpoints of the last sync. As on a real node
/// a change of the API is not a change of the network yet: the sync comes up to <paramref name="maxLag"/> later.
/// </summary>
internal sealed class KubeProxy(
    ILocalApi api, ServiceTable table, ClusterNetwork network, TimeSpan maxLag, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<IPEndPoint, ServicePortListener> _listeners = [];
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Lock _lock = new();
    private DateTimeOffset? _due;

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        WatchServicesAsync(cancellationToken),
        WatchSlicesAsync(cancellationToken),
        SyncAsync(cancellationToken));

    /// <summary>Ends every connection that goes through a Service.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.Values)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        _changed.Dispose();
    }

    private async Task WatchServicesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in api.WatchAsync<V1Service>(cancellationToken).ConfigureAwait(false))
        {
            table.Apply(change);
            Schedule();
        }
    }

    private async Task WatchSlicesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in api.WatchAsync<V1EndpointSlice>(cancellationToken).ConfigureAwait(false))
        {
            table.Apply(change);
            Schedule();
        }
    }

    private void Schedule()
    {
        var due = time.GetUtcNow() + (maxLag * Random.Shared.NextDouble());
        lock (_lock)
        {
            if (_due is not null)
            {
                return;
            }

            _due = due;
            _changed.Release();
        }
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            var wait = _due!.Value - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }

            lock (_lock)
            {
                _due = null;
            }

            await ApplyAsync().ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync()
    {
        var wanted = table.Services.SelectMany(ServicePorts).ToDictionary();
        foreach (var gone in _listeners.Keys.Except(wanted.Keys).ToArray())
        {
            network.Remove(gone);
            _listeners.Remove(gone, out var listener);
            await listener!.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var (address, backends) in wanted)
        {
            if (!_listeners.TryGetValue(address, out var listener))
            {
                _listeners[address] = listener = new ServicePortListener(network, logger);
                network.Add(address, listener.Real);
            }

            listener.SetBackends(backends);
        }
    }

    private IEnumerable<KeyValuePair<IPEndPoint, IReadOnlyList<IPEndPoint>>> ServicePorts(V1Service service)
    {
        if (service.Spec.Type == "ExternalName" || !IPAddress.TryParse(service.Spec.ClusterIP, out var clusterIP))
        {
            yield break;
        }

        foreach (var port in service.Spec.Ports ?? [])
        {
            if (port.Protocol is null or "TCP")
            {
                yield return new(new IPEndPoint(clusterIP, port.Port), Backends(service, port));
            }
        }
    }

    private IReadOnlyList<IPEndPoint> Backends(V1Service service, V1ServicePort port) =>
        [.. from slice in table.SlicesOf(service.Metadata.NamespaceProperty, service.Metadata.Name)
            from slicePort in slice.Ports ?? []
            where (slicePort.Name ?? "") == (port.Name ?? "") && slicePort.Port is not null
            from endpoint in slice.Endpoints ?? []
            where endpoint.Conditions?.Ready != false
            from address in endpoint.Addresses
            select new IPEndPoint(IPAddress.Parse(address), slicePort.Port!.Value)];
}
