using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Intercept.Embedded.ApiServer.Schemas;

/// <summary>
/// Does to an object of a built-in kind what Go's decoding and encoding does: unknown fields go, null and empty lists and maps go,
/// times are brought to their form, and a value of a wrong type is refused.
/// </summary>
internal sealed partial class ModelDecoder(string kind)
{
    private readonly List<string> _unknown = [];

    /// <summary>The paths of the fields that were dropped because the kind has none such.</summary>
    public IReadOnlyList<string> UnknownFields => _unknown;

    /// <exception cref="FormatException">A value has the wrong type; the message is Go's.</exception>
    public void Decode(JsonObject json, FieldSchema schema) => DecodeObject(json, schema, "");

    private void DecodeObject(JsonObject json, FieldSchema schema, string path)
    {
        foreach (var (name, value) in json.ToList())
        {
            var here = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Property(name) is not { } property)
            {
                _unknown.Add(here);
                json.Remove(name);
            }
            else if (Decoded(value, property, here) is { } decoded)
            {
                if (!ReferenceEquals(decoded, value))
                {
                    json[name] = decoded;
                }
            }
            else
            {
                json.Remove(name);
            }
        }
    }

    /// <summary>The value as it is kept, or null where it is left out.</summary>
    private JsonNode? Decoded(JsonNode? value, FieldSchema schema, string path)
    {
        if (value is null)
        {
            return null;
        }

        switch (schema.Shape)
        {
            case FieldShape.Object:
                DecodeObject(Expect<JsonObject>(value, schema, path), schema, path);
                return value;
            case FieldShape.Map:
                return DecodeMap(Expect<JsonObject>(value, schema, path), schema.Items!, path);
            case FieldShape.List:
                return DecodeList(Expect<JsonArray>(value, schema, path), schema.Items!, path);
            case FieldShape.Any:
                return value;
            default:
                return DecodeScalar(value, schema, path);
        }
    }

    private JsonObject? DecodeMap(JsonObject map, FieldSchema items, string path)
    {
        foreach (var (name, value) in map.ToList())
        {
            var decoded = Decoded(value, items, $"{path}.{name}") ?? Zero(items);
            if (!ReferenceEquals(decoded, value))
            {
                map[name] = decoded;
            }
        }

        return map.Count == 0 ? null : map;
    }

    private JsonArray? DecodeList(JsonArray list, FieldSchema items, string path)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var decoded = Decoded(list[i], items, $"{path}[{i}]") ?? Zero(items);
            if (!ReferenceEquals(decoded, list[i]))
            {
                list[i] = decoded;
            }
        }

        return list.Count == 0 ? null : list;
    }

    private JsonNode DecodeScalar(JsonNode value, FieldSchema schema, string path)
    {
        var found = value.GetValueKind();
        switch (schema.Shape)
        {
            case FieldShape.Text when found == JsonValueKind.String:
            case FieldShape.Flag when found is JsonValueKind.True or JsonValueKind.False:
            case FieldShape.Number when found == JsonValueKind.Number:
            case FieldShape.Integer when value.AsNumber() is not null:
            case FieldShape.IntegerOrText when found == JsonValueKind.String || value.AsNumber() is not null:
                return value;
            case FieldShape.Quantity when found == JsonValueKind.Number:
                return JsonValue.Create(value.ToJsonString());
            case FieldShape.Quantity when found == JsonValueKind.String && Quantity().IsMatch(value.AsText()!):
                return value;
            case FieldShape.Quantity when found == JsonValueKind.String:
                throw new FormatException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
            case FieldShape.Bytes when found == JsonValueKind.String:
                RequireBase64(value.AsText()!);
                return value;
            case FieldShape.Time or FieldShape.MicroTime when found == JsonValueKind.String:
                return DecodeTime(value.AsText()!, schema.Shape == FieldShape.MicroTime);
            default:
                throw WrongType(value, schema, path);
        }
    }

    private static JsonValue DecodeTime(string text, bool micro)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || !text.Contains('T', StringComparison.Ordinal))
        {
            throw new FormatException($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");
        }

        return JsonValue.Create(micro
            ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
            : ApiJson.Timestamp(time));
    }

    private static void RequireBase64(string text)
    {
        if (!Convert.TryFromBase64String(text, new byte[(text.Length * 3 / 4) + 3], out _))
        {
            throw new FormatException("illegal base64 data at input byte 0");
        }
    }

    private static JsonNode? Zero(FieldSchema items) => items.Shape switch
    {
        FieldShape.Text or FieldShape.Bytes => JsonValue.Create(""),
        FieldShape.Integer or FieldShape.Number => JsonValue.Create(0),
        FieldShape.Object or FieldShape.Map => new JsonObject(),
        FieldShape.List => new JsonArray(),
        _ => null,
    };

    private T Expect<T>(JsonNode value, FieldSchema schema, string path)
        where T : JsonNode => value as T ?? throw WrongType(value, schema, path);

    private FormatException WrongType(JsonNode value, FieldSchema schema, string path)
    {
        var found = value.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => schema.Shape == FieldShape.Integer ? $"number {value.ToJsonString()}" : "number",
            _ => "bool",
        };
        // Go names a map's field, not the key in it, and no list index.
        var field = Index().Replace(path, "");
        return new FormatException($"json: cannot unmarshal {found} into Go struct field {kind}.{field} of type {schema.TypeName}");
    }

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"\[\d+\]", RegexOptions.CultureInvariant)]
    private static partial Regex Index();
}
