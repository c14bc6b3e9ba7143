using k8s;
using k8s.Models;

namespace Intercept.Embedded.ApiServer;

/// <summary>
/// The controllers' and the kubelet's door to the API server: the same defaulting, validation, conflicts and events
/// as over HTTP, without a socket in between. Objects handed out are the caller's own copies.
/// </summary>
internal interface ILocalApi
{
    /// <summary>The object, or <see langword="null"/> where there is none.</summary>
    T? Get<T>(string? namespaceName, string name)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>All objects of a kind, of one namespace or (<see langword="null"/>) of all.</summary>
    IReadOnlyList<T> List<T>(string? namespaceName = null, string? labelSelector = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>POST. Fails with 409 AlreadyExists where the name is taken.</summary>
    T Create<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>PUT. Fails with 409 Conflict where the object's resourceVersion is stale, 404 where it is gone.</summary>
    T Update<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>PUT of the status sub-resource, with the same failures as <see cref="Update{T}"/>.</summary>
    T UpdateStatus<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>DELETE with background propagation; false where there was nothing (or another uid) to delete.</summary>
    bool Delete<T>(string? namespaceName, string name, string? uid = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>First an Added for every object there is, then every change in order, until cancelled.</summary>
    IAsyncEnumerable<ObjectEvent<T>> WatchAsync<T>(CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;
}

/// <summary>One change of one object, as a watch reports it.</summary>
internal readonly record struct ObjectEvent<T>(WatchEventType Type, T Object);
