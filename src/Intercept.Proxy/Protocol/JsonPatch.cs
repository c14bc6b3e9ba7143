using System.Text.Json.Nodes;

namespace Intercept.Proxy.Protocol;

/// <summary>A JSON patch (RFC 6902) that only touches the object, and the version of it, that it was made for.</summary>
internal sealed class JsonPatch
{
    private readonly JsonArray _operations = [];

    /// <summary>
    /// A patch guarded by uid and resourceVersion. The version is replaced by itself rather than tested: a stale one is then
    /// a clean 409, where a failed <c>test</c> would be a 422 that looks like a bad path.
    /// </summary>
    public static JsonPatch For(LiveObject live) => new JsonPatch()
        .Test("/metadata/uid", live.Uid)
        .Replace("/metadata/resourceVersion", live.ResourceVersion);

    public JsonPatch Add(string path, JsonNode value) => Append("add", path, value);

    /// <summary>Sets a member of an object, whether it is there or not.</summary>
    public JsonPatch Add(string path, IEnumerable<KeyValuePair<string, string>> map) => Add(path, ToNode(map));

    public JsonPatch Replace(string path, JsonNode value) => Append("replace", path, value);

    public JsonPatch Replace(string path, IEnumerable<KeyValuePair<string, string>> map) => Replace(path, ToNode(map));

    public JsonPatch Test(string path, JsonNode value) => Append("test", path, value);

    public JsonPatch Remove(string path)
    {
        _operations.Add(new JsonObject { ["op"] = "remove", ["path"] = path });
        return this;
    }

    /// <summary>Sets an annotation, also where the object has none yet.</summary>
    public JsonPatch SetAnnotation(LiveObject live, string key, string value) =>
        SetMember("/metadata/annotations", live.Annotations is not null, key, value);

    /// <summary>Sets a label, also where the object has none yet.</summary>
    public JsonPatch SetLabel(LiveObject live, string key, string value) =>
        SetMember("/metadata/labels", live.Labels is not null, key, value);

    /// <summary>Removes an annotation if the object has it.</summary>
    public JsonPatch RemoveAnnotation(LiveObject live, string key) =>
        live.Annotations?.ContainsKey(key) == true ? Remove($"/metadata/annotations/{Escape(key)}") : this;

    /// <summary>Removes a label if the object has it.</summary>
    public JsonPatch RemoveLabel(LiveObject live, string key) =>
        live.Labels?.ContainsKey(key) == true ? Remove($"/metadata/labels/{Escape(key)}") : this;

    /// <summary>The operations as they stand in a request body or in a Session's record.</summary>
    public JsonArray ToJson() => (JsonArray)_operations.DeepClone();

    public override string ToString() => _operations.ToJsonString();

    private static string Escape(string key) =>
        key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static JsonObject ToNode(IEnumerable<KeyValuePair<string, string>> map) =>
        new(map.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));

    private JsonPatch SetMember(string map, bool mapExists, string key, string value) => mapExists
        ? Add($"{map}/{Escape(key)}", value)
        : Add(map, new JsonObject { [key] = value });

    private JsonPatch Append(string operation, string path, JsonNode value)
    {
        _operations.Add(new JsonObject { ["op"] = operation, ["path"] = path, ["value"] = value });
        return this;
    }
}
