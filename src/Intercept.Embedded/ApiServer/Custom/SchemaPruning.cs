using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>Drops the fields that a structural schema does not know, and fills in the defaults that it states.</summary>
internal static class SchemaPruning
{
    public static void Prune(JsonObject json, FieldSchema schema, string path, List<string> dropped)
    {
        foreach (var (name, value) in json.ToList())
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (here == "metadata")
            {
                continue;
            }

            if (schema.Property(name) is null && schema.Shape != FieldShape.Map && !schema.PreservesUnknown)
            {
                dropped.Add(here);
                json.Remove(name);
                continue;
            }

            PruneValue(value, schema.Under(name), here, dropped);
        }
    }

    /// <summary>Puts defaults where fields are missing; null counts as missing where it is not allowed.</summary>
    public static void Default(JsonNode? value, JsonObject schema)
    {
        switch (value)
        {
            case JsonObject json:
                foreach (var (name, property) in schema.Object("properties") ?? [])
                {
                    DefaultProperty(json, name, property as JsonObject ?? []);
                }

                if (schema.Object("additionalProperties") is { } values)
                {
                    foreach (var (name, item) in json.ToList())
                    {
                        if (schema.Object("properties")?.ContainsKey(name) != true)
                        {
                            Default(item, values);
                        }
                    }
                }

                break;
            case JsonArray list when schema.Object("items") is { } items:
                foreach (var item in list)
                {
                    Default(item, items);
                }

                break;
        }
    }

    private static void DefaultProperty(JsonObject json, string name, JsonObject schema)
    {
        if (json.TryGetPropertyValue(name, out var present) && present is null && schema.Flag("nullable") != true)
        {
            json.Remove(name);
        }

        if (!json.ContainsKey(name) && schema["default"] is { } standard)
        {
            json[name] = standard.DeepClone();
        }

        Default(json[name], schema);
    }

    private static void PruneValue(JsonNode? value, FieldSchema schema, string path, List<string> dropped)
    {
        switch (value)
        {
            case JsonObject json when schema.Shape is FieldShape.Object or FieldShape.Map:
                Prune(json, schema, path, dropped);
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    PruneValue(list[i], items, $"{path}[{i}]", dropped);
                }

                break;
        }
    }
}
