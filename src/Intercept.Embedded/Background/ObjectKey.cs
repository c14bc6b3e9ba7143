using k8s;
using k8s.Models;

namespace Intercept.Embedded.Background;

/// <summary>Names one object of a kind.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name)
{
    public static ObjectKey Of(IKubernetesObject<V1ObjectMeta> resource) => new(resource.Metadata.NamespaceProperty, resource.Metadata.Name);

    public override string ToString() => $"{Namespace}/{Name}";
}
