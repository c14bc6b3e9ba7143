using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer;

/// <summary>How this server reads and writes JSON, and short ways into a <see cref="JsonObject"/>.</summary>
internal static class ApiJson
{
    /// <summary>Compact, with quotes and non-ASCII text as they are.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions DocumentOptions = new() { AllowDuplicateProperties = false, MaxDepth = 128 };

    public static byte[] ToUtf8(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">Not JSON, too deep, or a key stands twice in one object.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8) => JsonNode.Parse(utf8, documentOptions: DocumentOptions);

    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8) => (JsonObject)Parse(utf8)!;

    public static JsonObject? Object(this JsonObject json, string name) => json[name] as JsonObject;

    public static JsonArray? Array(this JsonObject json, string name) => json[name] as JsonArray;

    public static string? Text(this JsonObject json, string name) => json[name].AsText();

    public static string? AsText(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static long? Number(this JsonObject json, string name) => json[name].AsNumber();

    public static long? AsNumber(this JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        if (value.TryGetValue<long>(out var whole) || (value.TryGetValue<int>(out var small) && (whole = small) == small))
        {
            return whole;
        }

        return value.TryGetValue<double>(out var number) && Math.Floor(number) == number ? (long)number : null;
    }

    public static bool? Flag(this JsonObject json, string name) => json[name] is JsonValue value
        ? value.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
        : null;

    public static IEnumerable<JsonObject> Objects(this JsonObject json, string name) => json.Array(name)?.OfType<JsonObject>() ?? [];

    /// <summary>The object under a name; an empty one is put there where it is missing or something else.</summary>
    public static JsonObject Ensure(this JsonObject json, string name)
    {
        if (json[name] is JsonObject there)
        {
            return there;
        }

        var created = new JsonObject();
        json[name] = created;
        return created;
    }

    /// <summary>Puts a default where the field is missing.</summary>
    public static void Default(this JsonObject json, string name, JsonNode? value)
    {
        if (json[name] is null)
        {
            json[name] = value;
        }
    }

    public static JsonObject Metadata(this JsonObject json) => json.Ensure("metadata");

    public static string Name(this JsonObject json) => json.Object("metadata")?.Text("name") ?? "";

    public static Dictionary<string, string> TextMap(this JsonObject? json)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in json ?? [])
        {
            map[key] = value.AsText() ?? "";
        }

        return map;
    }

    /// <summary>How Kubernetes writes a <c>metav1.Time</c>.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static JsonObject RequireObject(JsonNode? node, string what) =>
        node as JsonObject ?? throw ApiFailure.BadRequest($"{what} is not a JSON object");
}
