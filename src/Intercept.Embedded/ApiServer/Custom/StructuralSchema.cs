using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>An <c>openAPIV3Schema</c> as the server's own form of schema, for pruning and field ownership.</summary>
internal static class StructuralSchema
{
    /// <summary>The schema of the whole object; its metadata is that of every kind.</summary>
    public static FieldSchema ForObject(JsonObject? openApi, FieldSchema metadata)
    {
        var properties = new Dictionary<string, FieldSchema>(StringComparer.Ordinal);
        foreach (var (name, property) in openApi?.Object("properties") ?? [])
        {
            properties[name] = Build(property as JsonObject);
        }

        properties["apiVersion"] = properties["kind"] = new FieldSchema(FieldShape.Text, "string", MergeRule.None);
        properties["metadata"] = metadata;
        return new FieldSchema(
            FieldShape.Object,
            "object",
            MergeRule.None,
            new(() => properties),
            preservesUnknown: openApi is null || openApi.Flag("x-kubernetes-preserve-unknown-fields") == true);
    }

    private static FieldSchema Build(JsonObject? schema)
    {
        if (schema is null)
        {
            return FieldSchema.Anything;
        }

        var preserves = schema.Flag("x-kubernetes-preserve-unknown-fields") == true;
        var isAtomicMap = schema.Text("x-kubernetes-map-type") == "atomic";
        switch (schema.Text("type"))
        {
            case "object" when schema["additionalProperties"] is JsonObject values:
                return new FieldSchema(FieldShape.Map, "map", new MergeRule(IsAtomic: isAtomicMap), items: Build(values));
            case "object" when schema.Flag("additionalProperties") == true:
                return new FieldSchema(FieldShape.Map, "map", new MergeRule(IsAtomic: isAtomicMap), items: FieldSchema.Anything, preservesUnknown: true);
            case "object":
                var properties = schema.Object("properties")?.ToDictionary(pair => pair.Key, pair => Build(pair.Value as JsonObject), StringComparer.Ordinal) ?? [];
                return new FieldSchema(FieldShape.Object, "object", new MergeRule(IsAtomic: isAtomicMap), new(() => properties), preservesUnknown: preserves);
            case "array":
                var keys = schema.Text("x-kubernetes-list-type") == "map"
                    ? schema.Array("x-kubernetes-list-map-keys")?.Select(key => key.AsText()!).ToList()
                    : null;
                return new FieldSchema(
                    FieldShape.List,
                    "array",
                    new MergeRule(ListKeys: keys, IsSet: schema.Text("x-kubernetes-list-type") == "set"),
                    items: Build(schema.Object("items")));
            case "string":
                return new FieldSchema(FieldShape.Text, "string", MergeRule.None);
            case "integer":
                return new FieldSchema(FieldShape.Integer, "integer", MergeRule.None);
            case "number":
                return new FieldSchema(FieldShape.Number, "number", MergeRule.None);
            case "boolean":
                return new FieldSchema(FieldShape.Flag, "boolean", MergeRule.None);
            default:
                return new FieldSchema(
                    schema.Flag("x-kubernetes-int-or-string") == true ? FieldShape.IntegerOrText : FieldShape.Any,
                    "value",
                    MergeRule.None,
                    preservesUnknown: true);
        }
    }
}
