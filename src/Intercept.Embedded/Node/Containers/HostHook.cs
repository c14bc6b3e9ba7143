using System.Collections.Concurrent;
using System.Diagnostics;
using Intercept.Embedded.Network;
using Microsoft.Extensions.Hosting;

namespace Intercept.Embedded.Node.Containers;

/// <summary>
/// Notices every host that a pod's program builds, by the events that Microsoft.Extensions.Hosting has for tools
/// (WebApplicationFactory and the EF tools use them too). Hosts built by anyone else in the process are left alone.
/// </summary>
internal sealed class HostHook : IObserver<DiagnosticListener>, IDisposable
{
    private readonly ClusterNetwork _network;
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public HostHook(ClusterNetwork network)
    {
        _network = network;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting" && ContainerRun.Current is { } run && ReferenceEquals(run.Pod.Cluster, _network))
        {
            _subscriptions.Add(value.Subscribe(new HostEvents(run)));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private sealed class HostEvents(ContainerRun run) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            // Several hosts may be under construction at once: each listener tells of all of them.
            if (!ReferenceEquals(ContainerRun.Current, run))
            {
                return;
            }

            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
            {
                PodHost.Configure(builder, run);
            }
            else if (value is { Key: "HostBuilt", Value: IHost host })
            {
                run.Attach(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
