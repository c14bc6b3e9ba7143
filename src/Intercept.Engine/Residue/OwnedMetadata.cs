using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>Metadata that everything of ours carries.</summary>
internal static class OwnedMetadata
{
    private const int LongestLabelValue = 63;

    /// <summary>
    /// Labelled as ours and owned by the intercepted Service, so that it goes when the Service is deleted. Never owned by the
    /// Session: deleting that in the foreground would take the decoy away under a hijacked Service.
    /// </summary>
    public static V1ObjectMeta For(V1Service service) => new()
    {
        NamespaceProperty = service.Metadata.NamespaceProperty,
        Labels = LabelsFor(service.Metadata.Name),
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = "v1",
                Kind = "Service",
                Name = service.Metadata.Name,
                Uid = service.Metadata.Uid,
                BlockOwnerDeletion = false,
            },
        ],
    };

    /// <summary>The labels alone, for pods.</summary>
    public static Dictionary<string, string> LabelsFor(string serviceName) => new()
    {
        [Labels.ManagedBy] = Labels.Manager,
        [Labels.Service] = LabelValue(serviceName),
    };

    /// <summary>A Service's name as the value of <see cref="Labels.Service"/>.</summary>
    public static string LabelValue(string serviceName) => serviceName[..Math.Min(serviceName.Length, LongestLabelValue)];
}
