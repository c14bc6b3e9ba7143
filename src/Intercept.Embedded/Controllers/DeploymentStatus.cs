using k8s.Models;

namespace Intercept.Embedded.Controllers;

/// <summary>What a Deployment's status says about its ReplicaSets.</summary>
internal static class DeploymentStatus
{
    public static V1DeploymentStatus Of(V1Deployment deployment, V1ReplicaSet current, IReadOnlyList<V1ReplicaSet> old, DateTime now)
    {
        IReadOnlyList<V1ReplicaSet> all = [current, .. old];
        var desired = deployment.Spec.Replicas ?? 1;
        var available = all.Sum(set => set.Status?.AvailableReplicas ?? 0);
        var replicas = all.Sum(set => set.Status?.Replicas ?? 0);
        var updated = current.Status?.Replicas ?? 0;
        var status = new V1DeploymentStatus
        {
            ObservedGeneration = deployment.Metadata.Generation,
            Replicas = NullIfZero(replicas),
            UpdatedReplicas = NullIfZero(updated),
            ReadyReplicas = NullIfZero(all.Sum(set => set.Status?.ReadyReplicas ?? 0)),
            AvailableReplicas = NullIfZero(available),
            UnavailableReplicas = NullIfZero(Math.Max(0, Math.Max(desired, replicas) - available)),
            CollisionCount = deployment.Status?.CollisionCount,
            TerminatingReplicas = deployment.Status?.TerminatingReplicas,
        };
        var enough = available >= desired - MaxUnavailable(deployment, desired);
        var complete = updated == desired && replicas == desired && available >= desired;
        status.Conditions =
        [
            enough
                ? Condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : Condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
            complete
                ? Condition("Progressing", "True", "NewReplicaSetAvailable", $"ReplicaSet \"{current.Metadata.Name}\" has successfully progressed.")
                : Condition("Progressing", "True", "ReplicaSetUpdated", $"ReplicaSet \"{current.Metadata.Name}\" is progressing."),
        ];
        return status;

        V1DeploymentCondition Condition(string type, string value, string reason, string message)
        {
            var before = deployment.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
            var unchanged = before?.Status == value && before.Reason == reason && before.Message == message;
            return new V1DeploymentCondition
            {
                Type = type,
                Status = value,
                Reason = reason,
                Message = message,
                LastTransitionTime = before?.Status == value ? before.LastTransitionTime : now,
                LastUpdateTime = unchanged ? before!.LastUpdateTime : now,
            };
        }
    }

    private static int MaxUnavailable(V1Deployment deployment, int desired) =>
        deployment.Spec.Strategy?.Type == "Recreate" ? desired : Rollout.Limits(deployment, desired).Unavailable;

    private static int? NullIfZero(int value) => value == 0 ? null : value;
}
