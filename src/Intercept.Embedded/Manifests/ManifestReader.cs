using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Intercept.Embedded.Manifests;

/// <summary>Reads Kubernetes YAML of any kind, several documents in one text, as the JSON that the API takes.</summary>
internal static class ManifestReader
{
    /// <exception cref="FormatException">The text is no YAML, or a document is no Kubernetes object.</exception>
    public static IReadOnlyList<JsonObject> Read(string yaml, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new FormatException($"{source} is not valid YAML: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }

        return [.. stream.Documents.SelectMany(document => Objects(ToJson(document.RootNode), source))];
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node, string source)
    {
        if (node is null)
        {
            return [];
        }

        if (node is not JsonObject json || json["kind"] is not JsonValue kind || json["apiVersion"] is not JsonValue)
        {
            throw new FormatException($"{source} has a document without apiVersion and kind: it is no Kubernetes object.");
        }

        return kind.GetValue<string>() == "List" && json["items"] is JsonArray items
            ? items.ToArray().SelectMany(item => Objects(item?.DeepClone(), source))
            : [json];
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair =>
            KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when scalar.Tag.IsEmpty => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new FormatException($"YAML node {node.NodeType} at line {node.Start.Line} has no JSON counterpart."),
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when text.Any(char.IsAsciiDigit) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
