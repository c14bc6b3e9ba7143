using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>Checks a custom resource against its <c>openAPIV3Schema</c>.</summary>
internal sealed class SchemaValidation(List<FieldError> errors)
{
    // A pattern comes with the resource definition of whoever may install one; it must not stop the server.
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(250);

    private bool _blocksRules;

    /// <summary>Checks the whole object, as Kubernetes does before it looks at the rules.</summary>
    public void Validate(JsonObject json, JsonObject schema)
    {
        ValidateObject(json, schema, "");
        if (_blocksRules)
        {
            errors.Add(FieldError.Invalid("<nil>", null, "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"));
        }
    }

    private void ValidateValue(JsonNode? value, JsonObject schema, string path)
    {
        if (value is null)
        {
            if (schema.Flag("nullable") != true)
            {
                Block(FieldError.WrongType(path, "null", $"{path} in body must be of type {schema.Text("type")}: \"null\""));
            }

            return;
        }

        if (!HasType(value, schema))
        {
            var found = TypeOf(value);
            Block(FieldError.WrongType(path, found, $"{path} in body must be of type {schema.Text("type")}: \"{found}\""));
            return;
        }

        if (schema.Array("enum") is { } allowed && !allowed.Any(item => JsonNode.DeepEquals(item, value)))
        {
            Block(new FieldError("FieldValueNotSupported", path, $"Unsupported value: {value.ToJsonString(ApiJson.Options)}: supported values: {string.Join(", ", allowed.Select(item => item?.ToJsonString(ApiJson.Options)))}"));
        }

        switch (value)
        {
            case JsonObject json:
                ValidateObject(json, schema, path);
                break;
            case JsonArray list:
                ValidateList(list, schema, path);
                break;
            default:
                ValidateScalar(value, schema, path);
                break;
        }
    }

    private void ValidateObject(JsonObject json, JsonObject schema, string path)
    {
        foreach (var name in schema.Array("required")?.Select(item => item.AsText()!) ?? [])
        {
            if (!json.ContainsKey(name))
            {
                Block(FieldError.Required(Join(path, name)));
            }
        }

        var properties = schema.Object("properties");
        foreach (var (name, value) in json)
        {
            if (path.Length == 0 && name is "metadata" or "kind" or "apiVersion")
            {
                continue;
            }

            if (properties?.Object(name) is { } property)
            {
                ValidateValue(value, property, Join(path, name));
            }
            else if (schema.Object("additionalProperties") is { } values)
            {
                ValidateValue(value, values, Join(path, name));
            }
        }

        Limit(json.Count, schema, "minProperties", "maxProperties", path, "properties");
    }

    private void ValidateList(JsonArray list, JsonObject schema, string path)
    {
        if (schema.Number("maxItems") is { } most && list.Count > most)
        {
            Block(FieldError.TooMany(path, list.Count, (int)most));
        }

        if (schema.Number("minItems") is { } least && list.Count < least)
        {
            Block(FieldError.Invalid(path, list.Count, $"{path} in body should have at least {least} items"));
        }

        for (var i = 0; i < list.Count; i++)
        {
            ValidateValue(list[i], schema.Object("items") ?? [], $"{path}[{i}]");
        }

        RequireUnique(list, schema, path);
    }

    private void RequireUnique(JsonArray list, JsonObject schema, string path)
    {
        var keys = schema.Array("x-kubernetes-list-map-keys")?.Select(key => key.AsText()!).ToList();
        if (schema.Text("x-kubernetes-list-type") is not ("set" or "map"))
        {
            return;
        }

        var seen = new List<JsonNode?>();
        for (var i = 0; i < list.Count; i++)
        {
            var identity = keys is null
                ? list[i]
                : new JsonObject(keys.Select(key => KeyValuePair.Create(key, (list[i] as JsonObject)?[key]?.DeepClone())));
            if (seen.Exists(other => JsonNode.DeepEquals(other, identity)))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", identity.AsText() ?? (object?)identity));
            }

            seen.Add(identity);
        }
    }

    private void ValidateScalar(JsonNode value, JsonObject schema, string path)
    {
        if (value.AsText() is { } text)
        {
            ValidateText(text, schema, path);
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
            Bound(number, value, schema, path);
        }
    }

    private void ValidateText(string text, JsonObject schema, string path)
    {
        var length = new StringInfo(text).LengthInTextElements;
        if (schema.Number("maxLength") is { } most && length > most)
        {
            Block(FieldError.TooLong(path, (int)most));
        }

        if (schema.Number("minLength") is { } least && length < least)
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {least} chars long"));
        }

        if (schema.Text("pattern") is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.ECMAScript, PatternTimeout))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should match '{pattern}'"));
        }

        if (schema.Text("format") == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            Block(FieldError.WrongType(path, text, $"{path} in body must be of type date-time: \"{text}\""));
        }
    }

    private void Bound(double number, JsonNode value, JsonObject schema, string path)
    {
        var shown = value.ToJsonString();
        if (schema["minimum"] is { } least && number < Value(least))
        {
            errors.Add(new FieldError("FieldValueInvalid", path, $"Invalid value: {shown}: {path} in body should be greater than or equal to {least.ToJsonString()}"));
        }

        if (schema["maximum"] is { } most && number > Value(most))
        {
            errors.Add(new FieldError("FieldValueInvalid", path, $"Invalid value: {shown}: {path} in body should be less than or equal to {most.ToJsonString()}"));
        }

        static double Value(JsonNode node) => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
    }

    private void Limit(int count, JsonObject schema, string least, string most, string path, string what)
    {
        if (schema.Number(least) is { } low && count < low)
        {
            errors.Add(FieldError.Invalid(path, count, $"{path} in body should have at least {low} {what}"));
        }

        if (schema.Number(most) is { } high && count > high)
        {
            Block(new FieldError("FieldValueTooMany", path, $"Too many: {count}: must have at most {high} items"));
        }
    }

    private static bool HasType(JsonNode value, JsonObject schema)
    {
        if (schema.Flag("x-kubernetes-int-or-string") == true)
        {
            return value.AsText() is not null || value.AsNumber() is not null;
        }

        return schema.Text("type") switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value.GetValueKind() == JsonValueKind.String,
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => value.GetValueKind() == JsonValueKind.Number,
            "integer" => value.AsNumber() is not null,
            _ => true,
        };
    }

    private static string TypeOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.AsNumber() is null ? "number" : "integer",
        _ => "boolean",
    };

    private void Block(FieldError error)
    {
        errors.Add(error);
        _blocksRules = true;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
