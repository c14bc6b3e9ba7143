using k8s.Models;

namespace Intercept.Embedded.Node.Pods;

/// <summary>The status of a pod from its containers' states.</summary>
internal static class PodStatus
{
    public static V1PodStatus Of(PodSnapshot pod)
    {
        var unready = pod.Containers.Where(container => !container.Ready).Select(container => container.Name).ToList();
        var why = $"containers with unready status: [{string.Join(' ', unready)}]";
        return new V1PodStatus
        {
            Phase = Phase(pod),
            HostIP = EmbeddedNode.Address,
            HostIPs = [new V1HostIP { Ip = EmbeddedNode.Address }],
            PodIP = pod.PodIP,
            PodIPs = [new V1PodIP { Ip = pod.PodIP }],
            StartTime = pod.StartedAt,
            QosClass = QosClass(pod.Pod),
            ContainerStatuses = [.. pod.Containers],
            InitContainerStatuses = pod.InitContainers.Count == 0 ? null : [.. pod.InitContainers],
            Conditions =
            [
                Condition("PodReadyToStartContainers", true),
                Condition("Initialized", pod.Initialized, "ContainersNotInitialized", "containers with incomplete status"),
                Condition("Ready", unready.Count == 0, "ContainersNotReady", pod.NotReadyBecause is "" ? why : $"{why}: {pod.NotReadyBecause}"),
                Condition("ContainersReady", unready.Count == 0, "ContainersNotReady", why),
                Condition("PodScheduled", true),
            ],
        };
    }

    /// <summary>Takes over the times at which conditions that still hold began.</summary>
    public static V1PodStatus Since(this V1PodStatus status, V1PodStatus? before, DateTime now)
    {
        foreach (var condition in status.Conditions)
        {
            var earlier = before?.Conditions?.FirstOrDefault(other => other.Type == condition.Type);
            condition.LastTransitionTime = earlier?.Status == condition.Status ? earlier.LastTransitionTime ?? now : now;
            condition.ObservedGeneration = earlier?.ObservedGeneration;
        }

        return status;
    }

    private static string Phase(PodSnapshot pod)
    {
        if (pod.InitContainers.Any(container => container.State.Terminated is { ExitCode: not 0 }) && pod.Pod.Spec.RestartPolicy == "Never")
        {
            return "Failed";
        }

        if (pod.Containers.All(container => container.State.Terminated is not null))
        {
            var policy = pod.Pod.Spec.RestartPolicy ?? "Always";
            var failed = pod.Containers.Any(container => container.State.Terminated.ExitCode != 0);
            return policy == "Always" || (policy == "OnFailure" && failed) ? "Running" : failed ? "Failed" : "Succeeded";
        }

        return pod.Containers.Any(container => container.State.Waiting is not null && container.LastState.Terminated is null) ? "Pending" : "Running";
    }

    private static string QosClass(V1Pod pod) =>
        pod.Spec.Containers.All(container => container.Resources is null or { Requests: null, Limits: null }) ? "BestEffort" : "Burstable";

    private static V1PodCondition Condition(string type, bool holds, string? reason = null, string? message = null) => new()
    {
        Type = type,
        Status = holds ? "True" : "False",
        Reason = holds ? null : reason,
        Message = holds ? null : message,
    };
}
