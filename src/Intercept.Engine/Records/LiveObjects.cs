using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Records;

/// <summary>KubernetesClient's models as the protocol sees them.</summary>
internal static class LiveObjects
{
    /// <summary>Any object that was read.</summary>
    public static LiveObject ToLive(this IKubernetesObject<V1ObjectMeta> resource) => new()
    {
        Uid = resource.Metadata.Uid,
        ResourceVersion = resource.Metadata.ResourceVersion,
        Labels = resource.Metadata.Labels?.AsReadOnly(),
        Annotations = resource.Metadata.Annotations?.AsReadOnly(),
        IsTerminating = resource.Metadata.DeletionTimestamp is not null,
    };

    /// <summary>A Service that was read.</summary>
    public static LiveService ToLive(this V1Service service) => new()
    {
        Uid = service.Metadata.Uid,
        ResourceVersion = service.Metadata.ResourceVersion,
        Labels = service.Metadata.Labels?.AsReadOnly(),
        Annotations = service.Metadata.Annotations?.AsReadOnly(),
        IsTerminating = service.Metadata.DeletionTimestamp is not null,
        Routing = service.ToRouting(),
        ManagedFields = ToNode(service.Metadata.ManagedFields ?? []),
    };

    /// <summary>Where a Service leads.</summary>
    public static ServiceRouting ToRouting(this V1Service service) => new(
        new SortedDictionary<string, string>(service.Spec.Selector ?? new Dictionary<string, string>(), StringComparer.Ordinal),
        [.. service.Spec.Ports.Select(ToTarget)]);

    /// <summary>Where one of its ports leads.</summary>
    public static PortTarget ToTarget(this V1ServicePort port) => new(
        port.Port, port.Protocol ?? "TCP", port.TargetPort?.Value ?? port.Port.ToString(CultureInfo.InvariantCulture));

    /// <summary>The record that a Service carries; null where it is not hijacked.</summary>
    /// <exception cref="InterceptException">There is one that can't be understood.</exception>
    public static ServiceRecord? ReadRecord(this V1Service service)
    {
        try
        {
            return service.Metadata.Annotations?.TryGetValue(Labels.Record, out var text) == true ? ServiceRecord.Parse(text) : null;
        }
        catch (UnreadableRecordException exception)
        {
            var (namespaceName, name) = (service.Metadata.NamespaceProperty, service.Metadata.Name);
            throw new InterceptException(
                $"Service {namespaceName}/{name} carries the annotation {Labels.Record}, but it can't be read as a record of version {ServiceRecord.CurrentVersion}. "
                + "A newer version of Intercept may have written it, or somebody edited it. Nothing was changed. "
                + $"Close the intercept with the version that opened it; its Session is in the same namespace (kubectl get sessions -n {namespaceName}).",
                exception);
        }
    }

    private static JsonArray ToNode(IList<V1ManagedFieldsEntry> entries) =>
        JsonSerializer.Deserialize<JsonArray>(KubernetesJson.Serialize(entries)) ?? [];
}
