using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Patches;

/// <summary>
/// Kubernetes' own merge: lists with a merge key are merged item by item, and directives (<c>$patch</c>, <c>$retainKeys</c>,
/// <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c>) say what a plain merge can't.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";

    private const string RetainKeys = "$retainKeys";

    private const string DeleteFrom = "$deleteFromPrimitiveList/";

    private const string SetOrder = "$setElementOrder/";

    /// <exception cref="ApiStatusException">500, as Kubernetes has it, for a directive or an item that makes no sense.</exception>
    public static JsonObject Apply(JsonObject target, JsonObject patch, FieldSchema schema)
    {
        if (patch.Text(Directive) is { } directive)
        {
            switch (directive)
            {
                case "replace":
                    var replacement = (JsonObject)patch.DeepClone();
                    replacement.Remove(Directive);
                    return replacement;
                case "delete":
                    return [];
                case "merge":
                    break;
                default:
                    throw ApiFailure.Internal($"unknown patch type: {directive} in map: map[$patch:{directive}]");
            }
        }

        if (patch.Array(RetainKeys) is { } retained)
        {
            var kept = retained.Select(key => key.AsText()).ToHashSet(StringComparer.Ordinal);
            foreach (var key in target.Select(pair => pair.Key).Where(key => !kept.Contains(key)).ToList())
            {
                target.Remove(key);
            }
        }

        foreach (var (name, value) in patch)
        {
            if (!name.StartsWith('$'))
            {
                ApplyField(target, name, value, patch, schema.Under(name));
            }
        }

        ApplyListDirectives(target, patch, schema);
        return target;
    }

    private static void ApplyField(JsonObject target, string name, JsonNode? value, JsonObject patch, FieldSchema schema)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject part when part.Text(Directive) == "delete":
                target.Remove(name);
                break;
            case JsonObject part:
                target[name] = Apply(target.Object(name)?.DeepClone().AsObject() ?? [], part, schema);
                break;
            case JsonArray items when schema.Rule.PatchKey is { } key:
                target[name] = MergeItems(target.Array(name), items, key, patch.Array(SetOrder + name), schema);
                break;
            case JsonArray items when schema.Rule.MergesPrimitives:
                var merged = target.Array(name)?.DeepClone().AsArray() ?? [];
                foreach (var item in items.Where(item => !merged.Any(there => JsonNode.DeepEquals(there, item))))
                {
                    merged.Add(item?.DeepClone());
                }

                target[name] = merged;
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private static void ApplyListDirectives(JsonObject target, JsonObject patch, FieldSchema schema)
    {
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeleteFrom, StringComparison.Ordinal) && value is JsonArray gone)
            {
                var list = name[DeleteFrom.Length..];
                if (target.Array(list) is { } items)
                {
                    target[list] = new JsonArray([.. items.Where(item => !gone.Any(other => JsonNode.DeepEquals(other, item))).Select(item => item?.DeepClone())]);
                }
            }
            else if (name.StartsWith(SetOrder, StringComparison.Ordinal) && value is JsonArray order)
            {
                var list = name[SetOrder.Length..];
                if (target.Array(list) is { } items)
                {
                    target[list] = Ordered(items, order, schema.Under(list).Rule.PatchKey);
                }
            }
        }
    }

    private static JsonArray MergeItems(JsonArray? target, JsonArray patch, string key, JsonArray? order, FieldSchema schema)
    {
        if (patch.OfType<JsonObject>().Any(item => item.Count == 1 && item.Text(Directive) == "replace"))
        {
            return new JsonArray([.. patch.OfType<JsonObject>().Where(item => item.Text(Directive) is null).Select(item => item.DeepClone())]);
        }

        RequireOrder(patch, key, order);
        var merged = target?.Select(item => item?.DeepClone()).ToList() ?? [];
        foreach (var node in patch)
        {
            var item = node as JsonObject ?? throw ApiFailure.Internal($"map: {node?.ToJsonString()} does not contain declared merge key: {key}");
            if (item.Text(Directive) == "replace")
            {
                continue;
            }

            var id = item[key] ?? throw ApiFailure.Internal($"map: {Shown(item)} does not contain declared merge key: {key}");
            var at = merged.FindIndex(there => there is JsonObject json && JsonNode.DeepEquals(json[key], id));
            if (item.Text(Directive) == "delete")
            {
                merged.RemoveAll(there => there is JsonObject json && JsonNode.DeepEquals(json[key], id));
            }
            else if (at >= 0)
            {
                merged[at] = Apply((JsonObject)merged[at]!, item, schema.Items ?? FieldSchema.Anything);
            }
            else
            {
                merged.Add(Apply([], item, schema.Items ?? FieldSchema.Anything));
            }
        }

        return new JsonArray([.. merged]);
    }

    private static void RequireOrder(JsonArray patch, string key, JsonArray? order)
    {
        if (order is null)
        {
            return;
        }

        var stated = order.Select(item => (item as JsonObject)?[key]).ToList();
        var last = -1;
        foreach (var item in patch.OfType<JsonObject>().Where(item => item.Text(Directive) is null))
        {
            var at = stated.FindIndex(id => JsonNode.DeepEquals(id, item[key]));
            if (at <= last)
            {
                var items = string.Join(" ", patch.OfType<JsonObject>().Select(Shown));
                throw ApiFailure.Internal($"The order in patch list:\n[{items}]\n doesn't match $setElementOrder list:\n[{string.Join(" ", order.OfType<JsonObject>().Select(Shown))}]\n");
            }

            last = at;
        }
    }

    private static JsonArray Ordered(JsonArray items, JsonArray order, string? key)
    {
        var rest = items.Select(item => item?.DeepClone()).ToList();
        var sorted = new List<JsonNode?>();
        // What the order names comes in that order; what the server has beyond it keeps its place relative to what stood before it.
        foreach (var wanted in order)
        {
            var at = rest.FindIndex(item => Same(item, wanted, key));
            if (at < 0)
            {
                continue;
            }

            while (at > 0 && !order.Any(other => Same(rest[0], other, key)))
            {
                sorted.Add(rest[0]);
                rest.RemoveAt(0);
                at--;
            }

            sorted.Add(rest[at]);
            rest.RemoveAt(at);
        }

        return new JsonArray([.. sorted, .. rest]);
    }

    private static bool Same(JsonNode? item, JsonNode? wanted, string? key) => key is null
        ? JsonNode.DeepEquals(item, wanted)
        : JsonNode.DeepEquals((item as JsonObject)?[key], (wanted as JsonObject)?[key]);

    private static string Shown(JsonObject item) =>
        $"map[{string.Join(" ", item.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{pair.Value.AsText() ?? pair.Value?.ToJsonString()}"))}]";
}
