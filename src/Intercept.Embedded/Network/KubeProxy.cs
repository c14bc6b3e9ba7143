using System.Collections.Concurrent;
using System.Net;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Controllers;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Network;

/// <summary>
/// Gives every Service port a real listener that balances connections over the endpoints of the last sync. As on a real node
/// a change of the API is not a change of the network yet: the sync comes up to <paramref name="maxLag"/> later.
/// </summary>
internal sealed class KubeProxy(
    ILocalApi api, ServiceTable table, ClusterNetwork network, TimeSpan maxLag, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<IPEndPoint, ServicePortListener> _listeners = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Lock _lock = new();
    private DateTimeOffset? _due;
    private TaskCompletionSource _applied = NewSignal();

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

    /// <summary>Waits until connections to every Service of the namespace reach exactly the pods that are ready behind it.</summary>
    public async Task WaitUntilServedAsync(string namespaceName, CancellationToken cancellationToken)
    {
        while (true)
        {
            var applied = _applied.Task;
            var pods = api.List<V1Pod>(namespaceName);
            if (api.List<V1Service>(namespaceName).All(service => IsServed(service, pods)))
            {
                return;
            }

            await applied.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsServed(V1Service service, IReadOnlyList<V1Pod> pods)
    {
        if (service.Spec.Selector is null or { Count: 0 })
        {
            return true;
        }

        var slices = ServiceEndpoints.Of(service, pods).Select(group => new V1EndpointSlice { Ports = group.Ports, Endpoints = group.Endpoints }).ToList();
        return ServicePorts(service).All(port =>
            _listeners.TryGetValue(port.Address, out var listener) && listener.Backends.ToHashSet().SetEquals(Backends(slices, port.Port)));
    }

    private async Task WatchServicesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in api.WatchAsync<V1Service>(cancellationToken).ConfigureAwait(false))
        {
            Note(() => table.Apply(change));
        }
    }

    private async Task WatchSlicesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in api.WatchAsync<V1EndpointSlice>(cancellationToken).ConfigureAwait(false))
        {
            Note(() => table.Apply(change));
        }
    }

    /// <summary>A change and the sync that it is due for are noted together, so that no sync falls between them.</summary>
    private void Note(Action change)
    {
        lock (_lock)
        {
            change();
            if (_due is null)
            {
                _due = time.GetUtcNow() + (maxLag * Random.Shared.NextDouble());
                _changed.Release();
            }
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
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(false);
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
        var wanted = (from service in table.Services
                      let slices = table.SlicesOf(service.Metadata.NamespaceProperty, service.Metadata.Name)
                      from port in ServicePorts(service)
                      select (port.Address, Backends: Backends(slices, port.Port))).ToDictionary(port => port.Address, port => port.Backends);
        foreach (var gone in _listeners.Keys.Except(wanted.Keys).ToArray())
        {
            network.Remove(gone);
            _listeners.TryRemove(gone, out var listener);
            await listener!.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var (address, backends) in wanted)
        {
            if (_listeners.TryGetValue(address, out var listener))
            {
                listener.SetBackends(backends);
                continue;
            }

            // Found by callers only once it has somewhere to lead them.
            _listeners[address] = listener = new ServicePortListener(network, logger);
            listener.SetBackends(backends);
            network.Add(address, listener.Real);
        }

        var applied = _applied;
        _applied = NewSignal();
        applied.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<(IPEndPoint Address, V1ServicePort Port)> ServicePorts(V1Service service) =>
        service.Spec.Type == "ExternalName" || !IPAddress.TryParse(service.Spec.ClusterIP, out var clusterIP)
            ? []
            : (service.Spec.Ports ?? []).Where(port => port.Protocol is null or "TCP").Select(port => (new IPEndPoint(clusterIP, port.Port), port));

    private static IReadOnlyList<IPEndPoint> Backends(IEnumerable<V1EndpointSlice> slices, V1ServicePort port) =>
        [.. from slice in slices
            from slicePort in slice.Ports ?? []
            where (slicePort.Name ?? "") == (port.Name ?? "") && slicePort.Port is not null
            from endpoint in slice.Endpoints ?? []
            where endpoint.Conditions?.Ready != false
            from address in endpoint.Addresses
            select new IPEndPoint(IPAddress.Parse(address), slicePort.Port!.Value)];
}
