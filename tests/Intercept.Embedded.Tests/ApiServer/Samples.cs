using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

/// <summary>Objects that several tests start from.</summary>
internal static class Samples
{
    public static V1Deployment Deployment(string name) => new()
    {
        Metadata = new() { Name = name },
        Spec = new()
        {
            Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = name } },
            Template = new()
            {
                Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = name } },
                Spec = PodSpec(name),
            },
        },
    };

    public static V1Pod Pod(string name, string? node = null) => new()
    {
        Metadata = new() { Name = name, Labels = new Dictionary<string, string> { ["app"] = name } },
        Spec = PodSpec(name, node),
    };

    private static V1PodSpec PodSpec(string name, string? node = null) => new()
    {
        NodeName = node,
        Containers =
        [
            new()
            {
                Name = "c",
                Image = $"test/{name}:1",
                Ports = [new() { ContainerPort = 8080 }],
                Env = [new() { Name = "VERSION", Value = "v1" }],
            },
        ],
    };
}
