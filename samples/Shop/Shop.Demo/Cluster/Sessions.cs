using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;

namespace Shop.Demo.Cluster;

/// <summary>The Session objects, read as anybody would who knows only the custom resource.</summary>
internal static class Sessions
{
    private const string Group = "system.codezero.io";
    private const string Version = "v1";
    private const string Plural = "sessions";

    public static async Task<IReadOnlyList<string>> NamesAsync(IKubernetes kubernetes, string namespaceName, CancellationToken cancellationToken)
    {
        try
        {
            var list = (JsonElement)await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(Group, Version, namespaceName, Plural, cancellationToken: cancellationToken);
            return [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)];
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // Before the first intercept ever the custom resource is not installed.
            return [];
        }
    }

    public static async Task<string> YamlAsync(IKubernetes kubernetes, string namespaceName, string name, CancellationToken cancellationToken)
    {
        var session = (JsonElement)await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(Group, Version, namespaceName, Plural, name, cancellationToken);
        return YamlText.Of(session);
    }
}
