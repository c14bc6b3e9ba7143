using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>
/// One state of one object, never changed: its UTF-8 as it goes to clients, and what selectors and the garbage collector ask for.
/// </summary>
internal sealed class StoredObject
{
    private readonly byte[] _utf8;

    private StoredObject(byte[] utf8, JsonObject json)
    {
        _utf8 = utf8;
        var metadata = json.Metadata();
        Namespace = metadata.Text("namespace");
        Name = metadata.Text("name") ?? "";
        Uid = metadata.Text("uid") ?? "";
        Revision = long.TryParse(metadata.Text("resourceVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;
        Labels = metadata.Object("labels") is { Count: > 0 } labels ? labels.TextMap() : FrozenDictionary<string, string>.Empty;
        Owners = metadata.Array("ownerReferences") is { Count: > 0 } owners ? [.. owners.OfType<JsonObject>().Select(OwnerReference.From)] : [];
        Finalizers = metadata.Array("finalizers") is { Count: > 0 } finalizers ? [.. finalizers.Select(name => name.AsText() ?? "")] : [];
        IsTerminating = metadata.Text("deletionTimestamp") is not null;
    }

    public string? Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    /// <summary><c>metadata.resourceVersion</c> as the number that it is here; 0 for the answer of a dry run.</summary>
    public long Revision { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public IReadOnlyList<OwnerReference> Owners { get; }

    public IReadOnlyList<string> Finalizers { get; }

    public bool IsTerminating { get; }

    public ReadOnlyMemory<byte> Utf8 => _utf8;

    public static StoredObject From(JsonObject json) => new(ApiJson.ToUtf8(json), json);

    /// <summary>The caller's own copy, free to change.</summary>
    public JsonObject ToJson() => ApiJson.ParseObject(_utf8);

    public JsonDocument Read() => JsonDocument.Parse(_utf8);

    /// <summary>The same content under another resourceVersion, as a watch reports an object that left its selection.</summary>
    public StoredObject WithRevision(long revision)
    {
        var json = ToJson();
        json.Metadata()["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        return From(json);
    }
}
