using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Inventory;

/// <summary>One object in the cluster that carries our label.</summary>
/// <param name="Kind">Its kind: <c>Deployment</c>.</param>
/// <param name="Metadata">Its metadata.</param>
internal sealed record OwnedObject(string Kind, V1ObjectMeta Metadata)
{
    /// <summary>A readable or unreadable Session of the custom resource, or a ConfigMap that holds one.</summary>
    public bool IsSession => Kind == SessionResource.KindName || Label(Labels.Journal) is not null;

    /// <summary>Whether it goes with another object of ours, or is on its way out.</summary>
    public bool IsLeaving => Metadata.DeletionTimestamp is not null || Kind is "Pod" or "ReplicaSet";

    /// <summary>The intercepted Service that its label names, cut like any label value; null where it has no such label.</summary>
    public string? ServiceLabel => Label(Labels.Service);

    /// <summary>The participants that need it.</summary>
    public IReadOnlyList<Participant> Claims { get; init; } = [];

    /// <summary>An object that was listed.</summary>
    public static OwnedObject Of<T>(T item)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(ApiPath.Kind<T>(), item.Metadata) { Claims = item.ToLive().Claims };

    /// <summary>Whether it belongs to intercepts of this Service.</summary>
    public bool IsOf(ServiceReference service) =>
        Metadata.NamespaceProperty == service.Namespace && ServiceLabel == Residue.OwnedMetadata.LabelValue(service.Name);

    private string? Label(string name) => Metadata.Labels?.TryGetValue(name, out var value) == true ? value : null;
}
