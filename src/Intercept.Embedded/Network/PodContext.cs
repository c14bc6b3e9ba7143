namespace Intercept.Embedded.Network;

/// <summary>In which pod the current code runs.</summary>
/// <param name="Cluster">The network that the pod is part of; tells pods of several clusters in one process apart.</param>
/// <param name="Namespace">Where its unqualified Service names are looked up.</param>
/// <param name="Network">The pod's own listeners.</param>
internal sealed record PodContext(ClusterNetwork Cluster, string Namespace, PodNetwork Network)
{
    // Ambient by nature: a request made with `new HttpClient()` carries nothing else that tells its pod.
    private static readonly AsyncLocal<PodContext?> Ambient = new();

    public static PodContext? Current => Ambient.Value;

    /// <summary>From here on this flow of execution belongs to the pod.</summary>
    public void Enter() => Ambient.Value = this;
}
