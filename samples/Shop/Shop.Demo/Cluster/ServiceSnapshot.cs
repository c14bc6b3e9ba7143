using k8s;

namespace Shop.Demo.Cluster;

/// <summary>A Service as it is at one moment: what its owner wrote and sees, without the API's own bookkeeping.</summary>
internal sealed record ServiceSnapshot(string Spec, string Whole)
{
    public static async Task<ServiceSnapshot> TakeAsync(IKubernetes kubernetes, string namespaceName, string name, CancellationToken cancellationToken)
    {
        var service = await kubernetes.CoreV1.ReadNamespacedServiceAsync(name, namespaceName, cancellationToken: cancellationToken);
        return new ServiceSnapshot(
            KubernetesYaml.Serialize(service.Spec),
            KubernetesYaml.Serialize(new { service.Metadata.Uid, service.Metadata.Labels, service.Metadata.Annotations, service.Metadata.OwnerReferences, service.Spec }));
    }

    /// <summary>The lines of the spec that differ; empty where it is identical.</summary>
    public IReadOnlyList<string> SpecDifferences(ServiceSnapshot later) => LineDifference.Between(Spec, later.Spec);

    /// <summary>The lines of spec, labels, annotations and owners that differ; empty where all is identical.</summary>
    public IReadOnlyList<string> Differences(ServiceSnapshot later) => LineDifference.Between(Whole, later.Whole);
}
