using k8s.Models;

namespace Intercept.Embedded.Node.Pods;

/// <summary>What the kubelet knows about a pod at one moment.</summary>
internal sealed record PodSnapshot(
    V1Pod Pod,
    string PodIP,
    DateTime StartedAt,
    bool Initialized,
    IReadOnlyList<V1ContainerStatus> InitContainers,
    IReadOnlyList<V1ContainerStatus> Containers,
    string NotReadyBecause);
