using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Ownership;

/// <summary>Which fields an object has, and which differ between two, seen through its schema.</summary>
internal static class FieldReader
{
    private static readonly HashSet<string> NeverOwned = new(StringComparer.Ordinal)
    {
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "selfLink", "managedFields", "generateName",
    };

    /// <summary>All fields that an object has.</summary>
    public static FieldSet Read(JsonObject json, FieldSchema schema)
    {
        var set = new FieldSet();
        ReadChildren(json, schema, set);
        return WithoutSystemFields(set);
    }

    /// <summary>The fields that are new or have another value.</summary>
    public static FieldSet Changed(JsonObject before, JsonObject after, FieldSchema schema)
    {
        var set = new FieldSet();
        Compare(before, after, schema, set);
        return WithoutSystemFields(set);
    }

    /// <summary>How an item of a list is called in a field set, or null in an atomic list.</summary>
    public static string? ItemStep(JsonNode? item, FieldSchema list)
    {
        if (list.Rule.IsSet)
        {
            return $"v:{item?.ToJsonString(ApiJson.Options) ?? "null"}";
        }

        if (list.Rule.ListKeys is not { } keys || item is not JsonObject json)
        {
            return null;
        }

        var named = new JsonObject();
        foreach (var key in keys.Order(StringComparer.Ordinal))
        {
            // "protocol" is the one list key of Kubernetes that has a default.
            var value = json[key]?.DeepClone() ?? (key == "protocol" ? JsonValue.Create("TCP") : null);
            if (value is not null)
            {
                named[key] = value;
            }
        }

        return $"k:{named.ToJsonString(ApiJson.Options)}";
    }

    public static bool IsListOfParts(FieldSchema schema) => schema.Shape == FieldShape.List && (schema.Rule.IsSet || schema.Rule.ListKeys is not null);

    public static bool HasParts(JsonNode? value, FieldSchema schema) => !schema.Rule.IsAtomic && value switch
    {
        JsonObject { Count: > 0 } => true,
        JsonArray { Count: > 0 } => IsListOfParts(schema),
        _ => false,
    };

    private static void Read(JsonNode? value, FieldSchema schema, FieldSet set)
    {
        if (!HasParts(value, schema))
        {
            set.IsMember = true;
        }
        else if (value is JsonObject json)
        {
            // Maps and items of lists are members beside their parts; the objects of a type's own fields are so where they are pointers,
            // which nobody can tell from JSON: Kubernetes' own sets have them for maps and a few objects only.
            set.IsMember = schema.Shape is FieldShape.Map;
            ReadChildren(json, schema, set);
        }
        else
        {
            set.IsMember = true;
            foreach (var item in (JsonArray)value!)
            {
                var child = set.At(ItemStep(item, schema)!);
                child.IsMember = true;
                if (item is JsonObject part && !(schema.Items ?? FieldSchema.Anything).Rule.IsAtomic)
                {
                    ReadChildren(part, schema.Items ?? FieldSchema.Anything, child);
                }
            }
        }
    }

    private static void ReadChildren(JsonObject json, FieldSchema schema, FieldSet set)
    {
        foreach (var (name, value) in json)
        {
            Read(value, schema.Under(name), set.At($"f:{name}"));
        }
    }

    private static void Compare(JsonObject before, JsonObject after, FieldSchema schema, FieldSet set)
    {
        foreach (var (name, value) in after)
        {
            var under = schema.Under(name);
            if (!before.TryGetPropertyValue(name, out var was))
            {
                Read(value, under, set.At($"f:{name}"));
            }
            else if (!JsonNode.DeepEquals(was, value))
            {
                CompareValue(was, value, under, set.At($"f:{name}"));
            }
        }
    }

    private static void CompareValue(JsonNode? before, JsonNode? after, FieldSchema schema, FieldSet set)
    {
        if (!HasParts(after, schema) || before?.GetValueKind() != after!.GetValueKind())
        {
            Read(after, schema, set);
        }
        else if (after is JsonObject json)
        {
            Compare((JsonObject)before!, json, schema, set);
        }
        else
        {
            var items = schema.Items ?? FieldSchema.Anything;
            var known = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
            foreach (var item in (JsonArray)before!)
            {
                known[ItemStep(item, schema)!] = item;
            }

            foreach (var item in (JsonArray)after)
            {
                var step = ItemStep(item, schema)!;
                if (!known.TryGetValue(step, out var was))
                {
                    set.At(step).IsMember = true;
                    if (item is JsonObject added && !items.Rule.IsAtomic)
                    {
                        ReadChildren(added, items, set.At(step));
                    }
                }
                else if (!JsonNode.DeepEquals(was, item))
                {
                    if (item is JsonObject changed && was is JsonObject old && !items.Rule.IsAtomic)
                    {
                        Compare(old, changed, items, set.At(step));
                    }
                    else
                    {
                        set.At(step).IsMember = true;
                    }
                }
            }
        }
    }

    private static FieldSet WithoutSystemFields(FieldSet set)
    {
        set.Remove("f:kind");
        set.Remove("f:apiVersion");
        if (set.Find("f:metadata") is { } metadata)
        {
            foreach (var name in NeverOwned)
            {
                metadata.Remove($"f:{name}");
            }

            metadata.IsMember = false;
            if (metadata.IsEmpty)
            {
                set.Remove("f:metadata");
            }
        }

        return set;
    }
}
