using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Ownership;

/// <summary>The merge of server-side apply, by the schema's list and map types.</summary>
internal static class ApplyMerge
{
    public static JsonObject Merge(JsonObject target, JsonObject sent, FieldSchema schema)
    {
        foreach (var (name, value) in sent)
        {
            var under = schema.Under(name);
            target[name] = MergeValue(target[name], value, under);
        }

        return target;
    }

    /// <summary>Takes the members of a field set out of an object; lists and objects that are left empty by it go too.</summary>
    public static void Remove(JsonObject target, FieldSet fields, FieldSchema schema)
    {
        foreach (var (step, child) in fields.Children.ToList())
        {
            var name = step[2..];
            if (!step.StartsWith("f:", StringComparison.Ordinal) || !target.ContainsKey(name))
            {
                continue;
            }

            if (!child.Children.Any())
            {
                target.Remove(name);
                continue;
            }

            var under = schema.Under(name);
            switch (target[name])
            {
                case JsonObject part:
                    Remove(part, child, under);
                    if (part.Count == 0)
                    {
                        target.Remove(name);
                    }

                    break;
                case JsonArray list:
                    RemoveItems(list, child, under);
                    if (list.Count == 0)
                    {
                        target.Remove(name);
                    }

                    break;
            }
        }
    }

    private static void RemoveItems(JsonArray list, FieldSet fields, FieldSchema schema)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (FieldReader.ItemStep(list[i], schema) is not { } step || fields.Find(step) is not { } child)
            {
                continue;
            }

            if (child.IsMember)
            {
                list.RemoveAt(i);
            }
            else if (list[i] is JsonObject item)
            {
                Remove(item, child, schema.Items ?? FieldSchema.Anything);
            }
        }
    }

    private static JsonNode? MergeValue(JsonNode? target, JsonNode? sent, FieldSchema schema)
    {
        switch (sent)
        {
            case JsonObject part when target is JsonObject there && !schema.Rule.IsAtomic:
                return Merge((JsonObject)there.DeepClone(), part, schema);
            case JsonArray items when target is JsonArray list && FieldReader.IsListOfParts(schema):
                return MergeList(list, items, schema);
            default:
                return sent?.DeepClone();
        }
    }

    private static JsonArray MergeList(JsonArray target, JsonArray sent, FieldSchema schema)
    {
        var merged = target.Select(item => item?.DeepClone()).ToList();
        foreach (var item in sent)
        {
            var step = FieldReader.ItemStep(item, schema);
            var at = merged.FindIndex(there => FieldReader.ItemStep(there, schema) == step);
            if (at < 0)
            {
                merged.Add(item?.DeepClone());
            }
            else
            {
                merged[at] = MergeValue(merged[at], item, schema.Items ?? FieldSchema.Anything);
            }
        }

        return new JsonArray([.. merged]);
    }
}
