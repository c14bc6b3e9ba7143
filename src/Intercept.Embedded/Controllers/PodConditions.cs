using k8s.Models;

namespace Intercept.Embedded.Controllers;

internal static class PodConditions
{
    public static bool IsReady(this V1Pod pod) => Ready(pod)?.Status == "True";

    /// <summary>Neither ended nor about to end: what a ReplicaSet counts.</summary>
    public static bool IsActive(this V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null && pod.Status?.Phase is not ("Succeeded" or "Failed");

    /// <summary>Since when the pod has been ready; null while it is not.</summary>
    public static DateTime? ReadySince(this V1Pod pod) => pod.IsReady() ? Ready(pod)!.LastTransitionTime : null;

    private static V1PodCondition? Ready(V1Pod pod) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready");
}
