using k8s;
using k8s.Models;

namespace Intercept.Embedded.Controllers;

/// <summary>Owner references as the controllers write and read them.</summary>
internal static class Owners
{
    public static V1OwnerReference Controller(IKubernetesObject<V1ObjectMeta> owner, string apiVersion, string kind) => new()
    {
        ApiVersion = apiVersion,
        Kind = kind,
        Name = owner.Metadata.Name,
        Uid = owner.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    public static V1OwnerReference? ControllerOf(IKubernetesObject<V1ObjectMeta> resource) =>
        resource.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);

    public static bool IsControlledBy(this IKubernetesObject<V1ObjectMeta> resource, IKubernetesObject<V1ObjectMeta> owner) =>
        ControllerOf(resource)?.Uid == owner.Metadata.Uid;
}
