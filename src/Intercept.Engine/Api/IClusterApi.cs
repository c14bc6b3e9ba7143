using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Api;

/// <summary>
/// All that the engine asks of a Kubernetes API. Small on purpose: tests put faults and a scheduler behind it.
/// Every request has a time-out of its own and is repeated where that is safe; see <see cref="ApiRetry"/>.
/// </summary>
internal interface IClusterApi
{
    /// <summary>GET; null where there is no such object (or no such kind).</summary>
    Task<T?> FindAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>GET of the metadata alone, where the rest may be large; null where there is no such object.</summary>
    Task<T?> FindMetadataAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>GET of a collection; empty where the kind does not exist.</summary>
    Task<IReadOnlyList<T>> ListAsync<T>(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>POST.</summary>
    Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>PATCH with a JSON patch (RFC 6902); the answer holds the metadata alone.</summary>
    Task<T> PatchAsync<T>(string? namespaceName, string name, JsonPatch patch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>PATCH of the status sub-resource with a merge patch (RFC 7386); the answer holds the whole object.</summary>
    Task<T> PatchStatusAsync<T>(string? namespaceName, string name, object mergePatch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>DELETE of exactly this object in this version; false where it is gone already.</summary>
    Task<bool> DeleteAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Waits until what a selector finds satisfies the condition: lists, then watches, and lists again where a watch ends.
    /// </summary>
    /// <returns>The objects that satisfied it.</returns>
    Task<IReadOnlyList<T>> WaitAsync<T>(
        string namespaceName, string? labelSelector, Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;
}
