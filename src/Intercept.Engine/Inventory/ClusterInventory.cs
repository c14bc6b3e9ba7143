using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Inventory;

/// <summary>All that is ours in a namespace or a cluster, as it was found: objects, Sessions, and Services that we have written to.</summary>
internal sealed record ClusterInventory
{
    /// <summary>Everything that carries our label, Sessions among it.</summary>
    public required IReadOnlyList<OwnedObject> Objects { get; init; }

    /// <summary>The Sessions that can be read, and those that can't.</summary>
    public required JournalContent Journal { get; init; }

    /// <summary>Services that carry anything of ours, or that a Session or one of our objects names.</summary>
    public required IReadOnlyList<V1Service> Services { get; init; }

    /// <summary>What this account may not list.</summary>
    public IReadOnlyList<string> NotListed { get; init; } = [];

    /// <summary>Reads a namespace, or all of them where it is null.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="namespaceName">The namespace; null for all.</param>
    /// <param name="further">Services to look at in any case.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiException">Services, ConfigMaps or Sessions can't be listed.</exception>
    public static async Task<ClusterInventory> ReadAsync(
        IClusterApi api, string? namespaceName, IReadOnlyCollection<ServiceReference> further, CancellationToken cancellationToken)
    {
        // What refers to Sessions is read before them: a claim is written after its Session, and taken back before that goes.
        var services = await api.ListAsync<V1Service>(namespaceName, null, cancellationToken);
        var notListed = new List<string>();
        OwnedObject[] objects =
        [
            .. await ListAsync<V1Deployment>(api, namespaceName, notListed, cancellationToken),
            .. await ListAsync<V1ReplicaSet>(api, namespaceName, notListed, cancellationToken),
            .. await ListAsync<V1Pod>(api, namespaceName, notListed, cancellationToken),
            .. (await api.ListAsync<V1ConfigMap>(namespaceName, Labels.SelectAll, cancellationToken)).Select(OwnedObject.Of),
            .. await ListAsync<V1RoleBinding>(api, namespaceName, notListed, cancellationToken),
            .. await ListAsync<V1Role>(api, namespaceName, notListed, cancellationToken),
            .. await ListAsync<V1ServiceAccount>(api, namespaceName, notListed, cancellationToken),
            .. services.Where(IsOurs).Select(OwnedObject.Of),
        ];
        var journal = await SessionJournal.ReadAsync(api, namespaceName, cancellationToken);
        return new ClusterInventory
        {
            Objects =
            [
                .. objects,
                .. journal.Sessions.Where(session => session.Form == JournalForm.CustomResource).Select(OwnedObject.Of),
                .. journal.Unreadable.Where(session => session.Form == JournalForm.CustomResource)
                    .Select(session => new OwnedObject(SessionResource.KindName, session.Metadata)),
            ],
            Journal = journal,
            Services = [.. services.Where(service => !IsOurs(service) && (IsTouched(service) || IsNamed(service, objects, journal, further)))],
            NotListed = notListed,
        };
    }

    /// <summary>The same, narrowed down to one Service.</summary>
    public ClusterInventory For(ServiceReference service) => this with
    {
        Objects = [.. Objects.Where(item => item.IsOf(service))],
        Journal = Journal.Where(
            session => session.Spec.Service.Namespace == service.Namespace && session.Spec.Service.Name == service.Name,
            unreadable => unreadable.Metadata.NamespaceProperty == service.Namespace && unreadable.MayBeOf(service.Name)),
        Services = [.. Services.Where(item => item.Metadata.NamespaceProperty == service.Namespace && item.Metadata.Name == service.Name)],
    };

    private static bool IsOurs(V1Service service) =>
        service.Metadata.Labels?.TryGetValue(Labels.ManagedBy, out var manager) == true && manager == Labels.Manager;

    private static bool IsTouched(V1Service service) =>
        service.Metadata.Annotations?.Keys.Any(key => key is Labels.Record or Labels.Fences) == true
        || service.Metadata.Labels?.ContainsKey(Labels.Hijacked) == true
        || service.Spec.Selector?.ContainsKey(Labels.Session) == true
        || service.Metadata.ManagedFields?.Any(entry => entry.Manager == ProtocolNames.FieldManager) == true;

    private static bool IsNamed(
        V1Service service, IEnumerable<OwnedObject> objects, JournalContent journal, IEnumerable<ServiceReference> further)
    {
        var (namespaceName, name) = (service.Metadata.NamespaceProperty, service.Metadata.Name);
        var label = Residue.OwnedMetadata.LabelValue(name);
        return objects.Any(item => item.Metadata.NamespaceProperty == namespaceName && item.ServiceLabel == label)
            || journal.Sessions.Any(session => session.Spec.Service.Namespace == namespaceName && session.Spec.Service.Name == name)
            || further.Any(reference => reference.Namespace == namespaceName && reference.Name == name);
    }

    /// <summary>Kinds that a runner need not have the right to list.</summary>
    private static async Task<IEnumerable<OwnedObject>> ListAsync<T>(
        IClusterApi api, string? namespaceName, List<string> notListed, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return (await api.ListAsync<T>(namespaceName, Labels.SelectAll, cancellationToken)).Select(OwnedObject.Of);
        }
        catch (ApiException exception) when (exception.IsForbidden)
        {
            notListed.Add($"{ApiPath.Kind<T>()} in {namespaceName ?? "all namespaces"}");
            return [];
        }
    }
}
