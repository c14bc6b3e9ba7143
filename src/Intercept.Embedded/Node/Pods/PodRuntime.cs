using Intercept.Embedded.Network;
using Intercept.Embedded.Node.Containers;
using Intercept.Embedded.Node.Volumes;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Node.Pods;

/// <summary>What all containers of one pod share.</summary>
internal sealed class PodRuntime
{
    /// <summary>The pod as it was when it came to the node; its spec does not change.</summary>
    public required V1Pod Pod { get; init; }

    public required PodContext Context { get; init; }

    public required PodVolumes Volumes { get; init; }

    public required ContainerImages Images { get; init; }

    public required ClusterNames Names { get; init; }

    public required PodEvents Events { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>How long a container may take to stop. Set before the pod is told to end.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(30);
}
