using System.Text.Json.Nodes;

namespace Intercept.Proxy.Protocol;

/// <summary>
/// <c>metadata.managedFields</c> of a Service: the hijack took selector and target ports from their owners, the restore gives
/// them back. What others came to own meanwhile stays theirs.
/// </summary>
internal static class FieldOwnership
{
    private static readonly string[] Identity = ["manager", "operation", "apiVersion", "subresource"];

    /// <summary>Whether we are among the owners.</summary>
    public static bool HasOurs(JsonArray entries) => entries.Any(IsOurs);

    /// <summary>The owners as they shall be after the restore.</summary>
    /// <param name="live">As they are now.</param>
    /// <param name="recorded">As they were before the hijack.</param>
    public static JsonArray PutBack(JsonArray live, JsonArray recorded)
    {
        var result = new JsonArray();
        foreach (var entry in live.OfType<JsonObject>().Where(entry => !IsOurs(entry)))
        {
            var before = recorded.OfType<JsonObject>().FirstOrDefault(old => IsSame(old, entry));
            result.Add(before is null ? entry.DeepClone() : GiveBack(entry, before));
        }

        foreach (var entry in recorded.OfType<JsonObject>().Where(entry => !IsOurs(entry)))
        {
            if (!live.OfType<JsonObject>().Any(other => IsSame(other, entry)))
            {
                result.Add(entry.DeepClone());
            }
        }

        return result;
    }

    private static bool IsOurs(JsonNode? entry) => Text(entry, "manager") == ProtocolNames.FieldManager;

    private static bool IsSame(JsonObject one, JsonObject other) => Identity.All(name => Text(one, name) == Text(other, name));

    private static JsonObject GiveBack(JsonObject live, JsonObject before)
    {
        var fields = (JsonObject)(live["fieldsV1"]?.DeepClone() ?? new JsonObject());
        if (before["fieldsV1"]?["f:spec"] is JsonObject spec)
        {
            var target = Child(fields, "f:spec");
            if (spec["f:selector"] is JsonObject selector)
            {
                Merge(Child(target, "f:selector"), selector);
            }

            foreach (var (key, port) in spec["f:ports"] as JsonObject ?? [])
            {
                // A port that somebody removed meanwhile has no owner.
                if (port?["f:targetPort"] is { } owned && target["f:ports"]?[key] is JsonObject livePort)
                {
                    livePort["f:targetPort"] = owned.DeepClone();
                }
            }
        }

        if (JsonNode.DeepEquals(fields, before["fieldsV1"]))
        {
            return (JsonObject)before.DeepClone();
        }

        var entry = (JsonObject)live.DeepClone();
        entry["fieldsV1"] = fields;
        return entry;
    }

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (key, value) in source)
        {
            if (value is JsonObject child && target[key] is JsonObject existing)
            {
                Merge(existing, child);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }

    private static string? Text(JsonNode? entry, string name) =>
        entry is JsonObject json && json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
