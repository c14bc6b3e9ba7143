using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>Objects of a kind that a CustomResourceDefinition describes.</summary>
internal sealed class CustomResourceStrategy(JsonObject? schema, IReadOnlySet<string> selectable) : ResourceStrategy
{
    public override bool AllowsUnconditionalUpdate => false;

    public override bool CountsGenerations => true;

    public override bool StatusWritesMetadata => false;

    public override IReadOnlyList<string> Decode(JsonObject json, ResourceDefinition resource)
    {
        var decoder = new ModelDecoder(resource.Kind);
        try
        {
            decoder.Decode(json.Metadata(), resource.Schema.Property("metadata")!);
        }
        catch (FormatException wrong)
        {
            throw ApiFailure.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {wrong.Message}");
        }

        var dropped = decoder.UnknownFields.Select(field => $"metadata.{field}").ToList();
        SchemaPruning.Prune(json, resource.Schema, "", dropped);
        return dropped;
    }

    public override void Default(JsonObject json)
    {
        if (schema is not null)
        {
            SchemaPruning.Default(json, schema);
        }
    }

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        if (schema is not null)
        {
            new SchemaValidation(errors).Validate(json, schema);
        }
    }

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (schema is not null)
        {
            ImmutabilityRules.Validate(next, previous, schema, "", errors);
        }
    }

    public override Func<JsonObject, string>? SelectableField(string path)
    {
        if (!selectable.Contains(path))
        {
            return null;
        }

        var steps = path.Split('.');
        return json =>
        {
            JsonNode? node = json;
            foreach (var step in steps)
            {
                node = (node as JsonObject)?[step];
            }

            return node.AsText() ?? node?.ToJsonString() ?? "";
        };
    }
}
