using System.Text.Json;
using k8s;

namespace Shop.Demo.Cluster;

/// <summary>The Session objects, read as anybody would who knows only the custom resource.</summary>
internal static class Sessions
{
    private const string Group = "system.codezero.io";
    private const string Version = "v1";
    private const string Plural = "sessions";

    public static async Task<string> YamlAsync(IKubernetes kubernetes, string namespaceName, string name, CancellationToken cancellationToken)
    {
        var session = (JsonElement)await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(Group, Version, namespaceName, Plural, name, cancellationToken);
        return YamlText.Of(session);
    }
}
