using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Selectors;
using Intercept.Embedded.ApiServer.Storage;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.ApiServer;

/// <summary>
/// <see cref="ILocalApi"/> on the registry that the HTTP calls use too. Failures are <see cref="ApiStatusException"/>s.
/// A delete of a pod that is already terminating is the kubelet's last word: it goes at once.
/// </summary>
internal sealed class LocalApi(ResourceCatalog catalog, ObjectRegistry registry, ObjectDeletion deletion) : ILocalApi
{
    private const string Manager = "kube-controller-manager";

    private readonly ObjectStore _store = registry.Store;

    public T? Get<T>(string? namespaceName, string name)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Table<T>().Find(namespaceName, name) is { } found ? Typed<T>(found) : null;

    public IReadOnlyList<T> List<T>(string? namespaceName = null, string? labelSelector = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var selector = LabelSelector.Parse(labelSelector);
        return [.. Table<T>().Objects.In(namespaceName).Where(item => selector.Matches(item.Labels)).Select(Typed<T>)];
    }

    public T Create<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Typed<T>(registry.Create(Json(resource), Scope(resource)));

    public T Update<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Typed<T>(registry.Update(resource.Name(), Json(resource), Scope(resource)).Object);

    public T UpdateStatus<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Typed<T>(registry.Update(resource.Name(), Json(resource), Scope(resource) with { Subresource = "status" }).Object);

    public bool Delete<T>(string? namespaceName, string name, string? uid = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var resource = Definition<T>();
        if (_store.Table(resource).Find(namespaceName, name) is not { } existing || (uid is not null && existing.Uid != uid))
        {
            return false;
        }

        var request = new DeleteRequest
        {
            Uid = existing.Uid,
            Propagation = "Background",
            GracePeriodSeconds = typeof(T) == typeof(V1Pod) && existing.IsTerminating ? 0 : null,
        };
        try
        {
            deletion.Delete(resource, namespaceName, name, request);
            return true;
        }
        catch (ApiStatusException gone) when (gone.Code is 404 or 409)
        {
            return false;
        }
    }

    public async IAsyncEnumerable<ObjectEvent<T>> WatchAsync<T>([EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var (objects, _, link) = _store.Snapshot(Table<T>());
        foreach (var item in objects.In(null))
        {
            yield return new(WatchEventType.Added, Typed<T>(item));
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            await link.WaitForNextAsync(cancellationToken);
            link = link.Next!;
            yield return new(link.Change!.Type, Typed<T>(link.Change.Object));
        }
    }

    private static T Typed<T>(StoredObject item) => KubernetesJson.Deserialize<T>(Encoding.UTF8.GetString(item.Utf8.Span));

    private static JsonObject Json<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        ApiJson.ParseObject(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(resource)));

    private ResourceTable Table<T>() => _store.Table(Definition<T>());

    private RequestScope Scope<T>(T resource)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = Definition<T>();
        return new RequestScope(definition, definition.IsNamespaced ? resource.Namespace() : null, Manager);
    }

    private ResourceDefinition Definition<T>()
    {
        var entity = (KubernetesEntityAttribute?)Attribute.GetCustomAttribute(typeof(T), typeof(KubernetesEntityAttribute))
            ?? throw new ArgumentException($"{typeof(T)} has no {nameof(KubernetesEntityAttribute)} to say which resource it is.");
        return catalog.Find(entity.Group, entity.ApiVersion, entity.PluralName)
            ?? throw new ArgumentException($"The embedded cluster does not serve {entity.PluralName} of {entity.Group}/{entity.ApiVersion} ({typeof(T)}).");
    }
}
