using k8s.Models;

namespace Intercept.Embedded.Node;

/// <summary>The one node that all pods run on.</summary>
internal static class EmbeddedNode
{
    public const string Name = "embedded";
    public const string Address = "10.244.0.0";

    public static V1Node Describe() => new()
    {
        ApiVersion = V1Node.KubeApiVersion,
        Kind = V1Node.KubeKind,
        Metadata = new V1ObjectMeta { Name = Name, Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = Name } },
        Spec = new V1NodeSpec { PodCIDR = "10.244.0.0/16" },
        Status = new V1NodeStatus
        {
            Addresses = [new V1NodeAddress { Type = "InternalIP", Address = Address }, new V1NodeAddress { Type = "Hostname", Address = Name }],
            Conditions = [new V1NodeCondition { Type = "Ready", Status = "True", Reason = "KubeletReady" }],
        },
    };
}
