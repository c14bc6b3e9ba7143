using System.Collections.Concurrent;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Background;
using Intercept.Embedded.Network;
using Intercept.Embedded.Node.Containers;
using Intercept.Embedded.Node.Pods;
using Intercept.Embedded.Node.Volumes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Node;

/// <summary>Runs the pods of the one node, and tells the API server how they are.</summary>
internal sealed class Kubelet : IAsyncDisposable
{
    private const int DefaultGracePeriodSeconds = 30;
    private static readonly TimeSpan GracePeriodAtShutdown = TimeSpan.FromSeconds(1);

    private readonly ILocalApi _api;
    private readonly ApiServerAccess _access;
    private readonly ClusterNetwork _network;
    private readonly ClusterNames _names;
    private readonly ContainerImages _images;
    private readonly PodTable _pods;
    private readonly string _folder;
    private readonly PodEvents _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue<string> _statuses;
    private readonly ConcurrentDictionary<string, Task> _running = new();
    private bool _closing;

    public Kubelet(ILocalApi api, ApiServerAccess access, ClusterNetwork network, ClusterNames names, EmbeddedImages images, PodTable pods, string folder, TimeProvider time, ILogger logger)
    {
        _api = api;
        _access = access;
        _network = network;
        _names = names;
        _images = new ContainerImages(images, api, access);
        _pods = pods;
        _folder = folder;
        _events = new PodEvents(api, time, logger);
        _time = time;
        _logger = logger;
        _statuses = new WorkQueue<string>("pod statuses", PublishAsync, time, logger);
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_statuses.RunAsync(cancellationToken), WatchAsync(cancellationToken));

    /// <summary>Ends all pods, without the API server. Call when the loops have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _statuses.Dispose();
        foreach (var worker in _pods.All)
        {
            worker.Stop(GracePeriodAtShutdown);
        }

        await Task.WhenAll(_running.Values).ConfigureAwait(false);
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1Pod>(cancellationToken).ConfigureAwait(false))
        {
            var pod = change.Object;
            if (pod.Spec.NodeName is not (null or "" or EmbeddedNode.Name))
            {
                continue;
            }

            var worker = _pods.Find(pod.Metadata.Uid);
            if (change.Type == WatchEventType.Deleted)
            {
                worker?.Stop(TimeSpan.Zero);
            }
            else if (pod.Metadata.DeletionTimestamp is not null)
            {
                End(pod, worker);
            }
            else if (worker is null)
            {
                Begin(pod);
            }
        }
    }

    private void Begin(V1Pod pod)
    {
        var context = new PodContext(_network, pod.Metadata.NamespaceProperty, new PodNetwork(_network, _network.AllocatePodAddress()));
        var runtime = new PodRuntime
        {
            Pod = pod,
            Context = context,
            Volumes = new PodVolumes(Path.Join(_folder, pod.Metadata.Uid), _access),
            Images = _images,
            Names = _names,
            Events = _events,
            Time = _time,
            Logger = _logger,
        };
        var uid = pod.Metadata.Uid;
        var worker = new PodWorker(_api, runtime, () => _statuses.Add(uid));
        _pods.Add(worker);
        _statuses.Add(uid);
        _running[uid] = Task.Run(() => LiveAsync(worker));
    }

    private async Task LiveAsync(PodWorker worker)
    {
        try
        {
            await worker.RunAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            PodsLog.WorkerFailed(_logger, worker.Pod.Metadata.Name, e);
            _events.Warn(worker.Pod, "FailedSync", e.Message);
        }

        if (_closing)
        {
            worker.Dispose();
        }
        else
        {
            _statuses.Add(worker.Pod.Metadata.Uid);
        }
    }

    private void End(V1Pod pod, PodWorker? worker)
    {
        if (worker is null)
        {
            _api.Delete<V1Pod>(pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid);
        }
        else
        {
            worker.Stop(TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? DefaultGracePeriodSeconds));
        }
    }

    private ValueTask PublishAsync(string uid, CancellationToken cancellationToken)
    {
        if (_pods.Find(uid) is not { } worker)
        {
            return ValueTask.CompletedTask;
        }

        var name = worker.Pod.Metadata.Name;
        var namespaceName = worker.Pod.Metadata.NamespaceProperty;
        if (worker.Ended)
        {
            _api.Delete<V1Pod>(namespaceName, name, uid);
            _pods.Remove(uid);
            _running.TryRemove(uid, out _);
            worker.Dispose();
            return ValueTask.CompletedTask;
        }

        var pod = _api.Get<V1Pod>(namespaceName, name);
        if (pod?.Metadata.Uid != uid)
        {
            return ValueTask.CompletedTask;
        }

        if (string.IsNullOrEmpty(pod.Spec.NodeName))
        {
            pod.Spec.NodeName = EmbeddedNode.Name;
            pod = _api.Update(pod);
        }

        var status = worker.Status().Since(pod.Status, PodTime.Seconds(_time));
        if (!JsonEquality.Same(status, pod.Status))
        {
            pod.Status = status;
            _api.UpdateStatus(pod);
        }

        return ValueTask.CompletedTask;
    }
}
