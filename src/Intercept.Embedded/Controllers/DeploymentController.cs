using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Background;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Controllers;

/// <summary>Moves a Deployment's pods to its current template, one ReplicaSet per template.</summary>
internal sealed class DeploymentController : IDisposable
{
    private const string Revision = "deployment.kubernetes.io/revision";
    private const int DefaultRevisionHistoryLimit = 10;

    private readonly ILocalApi _api;
    private readonly TimeProvider _time;
    private readonly WorkQueue<ObjectKey> _queue;

    public DeploymentController(ILocalApi api, TimeProvider time, ILogger logger)
    {
        _api = api;
        _time = time;
        _queue = new WorkQueue<ObjectKey>("deployments", ReconcileAsync, time, logger);
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_queue.RunAsync(cancellationToken), WatchDeploymentsAsync(cancellationToken), WatchReplicaSetsAsync(cancellationToken));

    public void Dispose() => _queue.Dispose();

    private async Task WatchDeploymentsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1Deployment>(cancellationToken).ConfigureAwait(false))
        {
            _queue.Add(ObjectKey.Of(change.Object));
        }
    }

    private async Task WatchReplicaSetsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in _api.WatchAsync<V1ReplicaSet>(cancellationToken).ConfigureAwait(false))
        {
            if (Owners.ControllerOf(change.Object) is { Kind: V1Deployment.KubeKind } owner)
            {
                _queue.Add(new ObjectKey(change.Object.Metadata.NamespaceProperty, owner.Name));
            }
        }
    }

    private ValueTask ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_api.Get<V1Deployment>(key.Namespace, key.Name) is not { Metadata.DeletionTimestamp: null } deployment)
        {
            return ValueTask.CompletedTask;
        }

        var hash = TemplateHash.Of(deployment.Spec.Template);
        var sets = _api.List<V1ReplicaSet>(key.Namespace).Where(set => set.IsControlledBy(deployment)).ToList();
        var current = sets.Find(set => set.GetLabel(TemplateHash.Label) == hash);
        var old = sets.Where(set => set != current).ToList();
        if (current is null)
        {
            current = _api.Create(NewReplicaSet(deployment, hash, sets));
        }

        foreach (var (set, replicas) in Rollout.Next(deployment, current, old))
        {
            set.Spec.Replicas = replicas;
            _api.Update(set);
        }

        Forget(deployment, old);
        PublishStatus(deployment, current, old);
        return ValueTask.CompletedTask;
    }

    private static V1ReplicaSet NewReplicaSet(V1Deployment deployment, string hash, List<V1ReplicaSet> sets)
    {
        var template = KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(deployment.Spec.Template));
        template.Metadata ??= new V1ObjectMeta();
        template.Metadata.Labels = With(template.Metadata.Labels, TemplateHash.Label, hash);
        var revision = sets.Select(set => long.Parse(set.GetAnnotation(Revision) ?? "0", System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() + 1;
        return new V1ReplicaSet
        {
            ApiVersion = "apps/v1",
            Kind = V1ReplicaSet.KubeKind,
            Metadata = new V1ObjectMeta
            {
                Name = $"{deployment.Metadata.Name}-{hash}",
                NamespaceProperty = deployment.Metadata.NamespaceProperty,
                Labels = template.Metadata.Labels,
                Annotations = With(null, Revision, revision.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                OwnerReferences = [Owners.Controller(deployment, "apps/v1", V1Deployment.KubeKind)],
            },
            Spec = new V1ReplicaSetSpec
            {
                Replicas = sets.Count == 0 ? deployment.Spec.Replicas ?? 1 : 0,
                MinReadySeconds = deployment.Spec.MinReadySeconds,
                Selector = new V1LabelSelector
                {
                    MatchLabels = With(deployment.Spec.Selector.MatchLabels, TemplateHash.Label, hash),
                    MatchExpressions = deployment.Spec.Selector.MatchExpressions,
                },
                Template = template,
            },
        };
    }

    private static Dictionary<string, string> With(IDictionary<string, string>? labels, string key, string value) =>
        new(labels ?? new Dictionary<string, string>()) { [key] = value };

    private void Forget(V1Deployment deployment, List<V1ReplicaSet> old)
    {
        var empty = old
            .Where(set => set.Spec.Replicas == 0 && set.Status?.Replicas is null or 0)
            .OrderByDescending(set => set.Metadata.CreationTimestamp);
        foreach (var set in empty.Skip(deployment.Spec.RevisionHistoryLimit ?? DefaultRevisionHistoryLimit))
        {
            _api.Delete<V1ReplicaSet>(set.Metadata.NamespaceProperty, set.Metadata.Name, set.Metadata.Uid);
        }
    }

    private void PublishStatus(V1Deployment deployment, V1ReplicaSet current, List<V1ReplicaSet> old)
    {
        var status = DeploymentStatus.Of(deployment, current, old, _time.GetUtcNow().UtcDateTime);
        if (JsonEquality.Same(status, deployment.Status))
        {
            return;
        }

        var fresh = _api.Get<V1Deployment>(deployment.Metadata.NamespaceProperty, deployment.Metadata.Name);
        if (fresh?.Metadata.Uid == deployment.Metadata.Uid)
        {
            fresh.Status = status;
            _api.UpdateStatus(fresh);
        }
    }
}
