using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Api;

/// <summary>A JSON patch (RFC 6902) that only touches the object, and the version of it, that it was made for.</summary>
internal sealed class JsonPatch
{
    private readonly JsonArray _operations = [];

    /// <summary>
    /// A patch guarded by uid and resourceVersion. The version is replaced by itself rather than tested: a stale one is then
    /// a clean 409, where a failed <c>test</c> would be a 422 that looks like a bad path.
    /// </summary>
    public static JsonPatch For(IKubernetesObject<V1ObjectMeta> resource) => new JsonPatch()
        .Test("/metadata/uid", resource.Metadata.Uid)
        .Replace("/metadata/resourceVersion", resource.Metadata.ResourceVersion);

    public JsonPatch Add(string path, object value) => Append("add", path, value);

    public JsonPatch Replace(string path, object value) => Append("replace", path, value);

    public JsonPatch Test(string path, object value) => Append("test", path, value);

    public JsonPatch Remove(string path)
    {
        _operations.Add(new JsonObject { ["op"] = "remove", ["path"] = path });
        return this;
    }

    /// <summary>Sets an annotation, also where the object has none yet.</summary>
    public JsonPatch SetAnnotation(IKubernetesObject<V1ObjectMeta> resource, string key, string value) =>
        SetMember("/metadata/annotations", resource.Metadata.Annotations is not null, key, value);

    /// <summary>Sets a label, also where the object has none yet.</summary>
    public JsonPatch SetLabel(IKubernetesObject<V1ObjectMeta> resource, string key, string value) =>
        SetMember("/metadata/labels", resource.Metadata.Labels is not null, key, value);

    /// <summary>Removes an annotation if the object has it.</summary>
    public JsonPatch RemoveAnnotation(IKubernetesObject<V1ObjectMeta> resource, string key) =>
        resource.Metadata.Annotations?.ContainsKey(key) == true ? Remove($"/metadata/annotations/{Escape(key)}") : this;

    /// <summary>Removes a label if the object has it.</summary>
    public JsonPatch RemoveLabel(IKubernetesObject<V1ObjectMeta> resource, string key) =>
        resource.Metadata.Labels?.ContainsKey(key) == true ? Remove($"/metadata/labels/{Escape(key)}") : this;

    /// <summary>The operations as they stand in a request body or in a Session's record.</summary>
    public JsonArray ToJson() => (JsonArray)_operations.DeepClone();

    public override string ToString() => _operations.ToJsonString();

    private static string Escape(string key) =>
        key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private JsonPatch SetMember(string map, bool mapExists, string key, string value) => mapExists
        ? Add($"{map}/{Escape(key)}", value)
        : Add(map, new Dictionary<string, string> { [key] = value });

    private JsonPatch Append(string operation, string path, object value)
    {
        _operations.Add(new JsonObject
        {
            ["op"] = operation,
            ["path"] = path,
            ["value"] = JsonSerializer.Deserialize<JsonNode>(KubernetesJson.Serialize(value)),
        });
        return this;
    }
}
