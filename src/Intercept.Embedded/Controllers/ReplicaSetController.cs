using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Background;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Controllers;

/// <summary>Keeps as many pods as a ReplicaSet asks for.</summary>
internal sealed class ReplicaSetController : IDisposable
{
    private readonly ILocalApi _api;
    private readonly TimeProvider _time;
    private readonly WorkQueue<ObjectKey> _queue;

    public ReplicaSetController(ILocalApi api, TimeProvider time, ILogger logger)
    {
        _api = api;
        _time = time;
        _queue = new WorkQueue<ObjectKey>("replicasets", ReconcileAsync, time, logger);
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_queue.RunAsync(cancellationToken), WatchReplicaSetsAsync(cancellationToken), WatchPodsAsync(cancellationToken));

    public void Dispose() => _queue.Dispose();

    private async Task WatchReplicaSetsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1ReplicaSet>(cancellationToken).ConfigureAwait(false))
        {
            _queue.Add(ObjectKey.Of(change.Object));
        }
    }

    private async Task WatchPodsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1Pod>(cancellationToken).ConfigureAwait(false))
        {
            if (Owners.ControllerOf(change.Object) is { Kind: V1ReplicaSet.KubeKind } owner)
            {
                _queue.Add(new ObjectKey(change.Object.Metadata.NamespaceProperty, owner.Name));
            }
        }
    }

    private ValueTask ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_api.Get<V1ReplicaSet>(key.Namespace, key.Name) is { Metadata.DeletionTimestamp: null } set)
        {
            Scale(set, OwnPods(set));
            PublishStatus(set, OwnPods(set));
        }

        return ValueTask.CompletedTask;
    }

    private List<V1Pod> OwnPods(V1ReplicaSet set) =>
        [.. _api.List<V1Pod>(set.Metadata.NamespaceProperty)
            .Where(pod => pod.IsControlledBy(set) && pod.IsActive() && Selectors.Matches(set.Spec.Selector, pod.Metadata.Labels))];

    private void Scale(V1ReplicaSet set, List<V1Pod> pods)
    {
        var missing = (set.Spec.Replicas ?? 1) - pods.Count;
        for (var i = 0; i < missing; i++)
        {
            _api.Create(NewPod(set));
        }

        // The least useful go first: not ready, then the youngest.
        foreach (var pod in pods.OrderBy(pod => pod.IsReady()).ThenByDescending(pod => pod.Metadata.CreationTimestamp).Take(-missing))
        {
            _api.Delete<V1Pod>(pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid);
        }
    }

    private static V1Pod NewPod(V1ReplicaSet set) => new()
    {
        ApiVersion = V1Pod.KubeApiVersion,
        Kind = V1Pod.KubeKind,
        Metadata = new V1ObjectMeta
        {
            GenerateName = set.Metadata.Name + "-",
            NamespaceProperty = set.Metadata.NamespaceProperty,
            Labels = set.Spec.Template.Metadata?.Labels,
            Annotations = set.Spec.Template.Metadata?.Annotations,
            Finalizers = set.Spec.Template.Metadata?.Finalizers,
            OwnerReferences = [Owners.Controller(set, "apps/v1", V1ReplicaSet.KubeKind)],
        },
        Spec = set.Spec.Template.Spec,
    };

    private void PublishStatus(V1ReplicaSet set, List<V1Pod> pods)
    {
        var minReady = TimeSpan.FromSeconds(set.Spec.MinReadySeconds ?? 0);
        var now = _time.GetUtcNow().UtcDateTime;
        var available = pods.Count(pod => pod.ReadySince() is { } since && now - since >= minReady);
        var ready = pods.Count(PodConditions.IsReady);
        var status = new V1ReplicaSetStatus
        {
            Replicas = pods.Count,
            FullyLabeledReplicas = pods.Count,
            ReadyReplicas = ready,
            AvailableReplicas = available,
            ObservedGeneration = set.Metadata.Generation,
        };
        if (available < ready)
        {
            _queue.AddAfter(ObjectKey.Of(set), minReady);
        }

        if (!JsonEquality.Same(set.Status, status))
        {
            set.Status = status;
            _api.UpdateStatus(set);
        }
    }
}
