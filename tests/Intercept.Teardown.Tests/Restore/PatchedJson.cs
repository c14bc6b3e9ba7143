using System.Globalization;
using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>JSON patches (RFC 6902), as strictly as an API server: a path that is not there, or a failed test, is an error.</summary>
internal static class PatchedJson
{
    public static JsonObject Of(JsonObject document, JsonPatch patch)
    {
        var result = (JsonObject)document.DeepClone();
        foreach (var operation in patch.ToJson())
        {
            var path = operation!["path"]!.GetValue<string>().Split('/')[1..].Select(Unescape).ToArray();
            var parent = path[..^1].Aggregate((JsonNode)result, (node, name) => Child(node, name) ?? throw Missing(operation));
            Apply(parent, path[^1], operation.AsObject());
        }

        return result;
    }

    private static void Apply(JsonNode parent, string name, JsonObject operation)
    {
        var exists = Child(parent, name) is not null;
        var kind = operation["op"]!.GetValue<string>();
        if (!exists && kind != "add")
        {
            throw Missing(operation);
        }

        switch (kind)
        {
            case "test" when JsonNode.DeepEquals(Child(parent, name), operation["value"]):
                break;
            case "remove" when parent is JsonObject map:
                map.Remove(name);
                break;
            case "add" or "replace" when parent is JsonObject map:
                map[name] = operation["value"]!.DeepClone();
                break;
            default:
                throw new InvalidOperationException($"This can't be done: {operation.ToJsonString()}");
        }
    }

    private static JsonNode? Child(JsonNode node, string name) => node is JsonArray list
        ? list.ElementAtOrDefault(int.Parse(name, CultureInfo.InvariantCulture))
        : node[name];

    private static string Unescape(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static InvalidOperationException Missing(JsonNode operation) => new($"There is no such path: {operation.ToJsonString()}");
}
