using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Namespaces;

/// <summary>What a namespace that can't go yet says about it.</summary>
internal static class NamespaceConditions
{
    public static void Set(JsonObject status, IReadOnlyList<(ResourceTable Table, StoredObject Object)> left, TimeProvider time)
    {
        var now = ApiJson.Timestamp(time.GetUtcNow());
        var resources = left.GroupBy(pair => $"{pair.Table.Resource.Plural}.{pair.Table.Resource.Group}")
            .Select(group => $"{group.Key} has {group.Count()} resource instances");
        var finalizers = left.SelectMany(pair => pair.Object.Finalizers).GroupBy(name => name, StringComparer.Ordinal)
            .Select(group => $"{group.Key} in {group.Count()} resource instances")
            .ToList();
        var conditions = new List<JsonObject>
        {
            Condition("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            Condition("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            Condition("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            Condition("NamespaceContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {string.Join(", ", resources)}"),
            finalizers.Count > 0
                ? Condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain", $"Some content in the namespace has finalizers remaining: {string.Join(", ", finalizers)}")
                : Condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        };
        var before = status.Objects("conditions").ToDictionary(condition => condition.Text("type") ?? "", StringComparer.Ordinal);
        foreach (var condition in conditions)
        {
            var old = before.GetValueOrDefault(condition.Text("type")!);
            condition["lastTransitionTime"] = old?.Text("status") == condition.Text("status") ? old?.Text("lastTransitionTime") ?? now : now;
        }

        status["conditions"] = new JsonArray([.. conditions]);
    }

    private static JsonObject Condition(string type, bool holds, string reason, string message) => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["lastTransitionTime"] = null,
        ["reason"] = reason,
        ["message"] = message,
    };
}
