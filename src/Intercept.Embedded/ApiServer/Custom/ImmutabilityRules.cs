using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>
/// The one rule of <c>x-kubernetes-validations</c> that is understood: <c>self == oldSelf</c>, a field that stays as it is
/// once it is there.
/// </summary>
internal static class ImmutabilityRules
{
    private const string Extension = "x-kubernetes-validations";

    public static bool IsSupported(string rule) =>
        rule.Replace(" ", "", StringComparison.Ordinal) is "self==oldSelf" or "oldSelf==self";

    /// <summary>Every rule of a schema that is not that one, with its path in the schema.</summary>
    public static IEnumerable<(string Path, string Rule)> Unsupported(JsonObject schema, string path)
    {
        var index = 0;
        foreach (var validation in schema.Objects(Extension))
        {
            if (!IsSupported(validation.Text("rule") ?? ""))
            {
                yield return ($"{path}.{Extension}[{index}].rule", validation.Text("rule") ?? "");
            }

            index++;
        }

        foreach (var (part, below) in Parts(schema, path))
        {
            foreach (var found in Unsupported(below, part))
            {
                yield return found;
            }
        }
    }

    public static void Validate(JsonNode? next, JsonNode? previous, JsonObject schema, string path, List<FieldError> errors)
    {
        if (next is null || previous is null)
        {
            return;
        }

        foreach (var validation in schema.Objects(Extension))
        {
            if (!JsonNode.DeepEquals(next, previous))
            {
                var shown = next is JsonObject ? "object" : next is JsonArray ? "array" : null;
                var message = validation.Text("message") is { Length: > 0 } own ? own : $"failed rule: {validation.Text("rule")}";
                errors.Add(FieldError.Invalid(path, shown ?? next.AsText() ?? (object)next, message));
            }
        }

        if (next is JsonObject json && previous is JsonObject before)
        {
            foreach (var (name, property) in schema.Object("properties") ?? [])
            {
                Validate(json[name], before[name], property as JsonObject ?? [], path.Length == 0 ? name : $"{path}.{name}", errors);
            }
        }
    }

    private static IEnumerable<(string Path, JsonObject Schema)> Parts(JsonObject schema, string path)
    {
        foreach (var (name, property) in schema.Object("properties") ?? [])
        {
            if (property is JsonObject json)
            {
                yield return ($"{path}.properties[{name}]", json);
            }
        }

        foreach (var part in (string[])["items", "additionalProperties"])
        {
            if (schema.Object(part) is { } json)
            {
                yield return ($"{path}.{part}", json);
            }
        }
    }
}
