namespace Intercept.Embedded.ApiServer.Schemas;

/// <summary>
/// What a field may hold and how it merges: one form for the built-in types and for custom resources, so that pruning,
/// patches and field ownership need to know only this.
/// </summary>
internal sealed class FieldSchema(
    FieldShape shape,
    string typeName,
    MergeRule rule,
    Lazy<IReadOnlyDictionary<string, FieldSchema>>? properties = null,
    FieldSchema? items = null,
    bool preservesUnknown = false)
{
    /// <summary>Anything at all: field ownership goes by the value's own shape, lists are atomic.</summary>
    public static FieldSchema Anything { get; } = new(FieldShape.Any, "interface {}", MergeRule.None, preservesUnknown: true);

    public FieldShape Shape { get; } = shape;

    /// <summary>The Go type, as decoding errors name it.</summary>
    public string TypeName { get; } = typeName;

    public MergeRule Rule { get; } = rule;

    /// <summary>The schema of a list's items or a map's values.</summary>
    public FieldSchema? Items { get; } = items;

    public bool PreservesUnknown { get; } = preservesUnknown;

    public FieldSchema? Property(string name) => properties?.Value.GetValueOrDefault(name);

    /// <summary>The schema of what stands under a key of an object or map; <see cref="Anything"/> where it is not described.</summary>
    public FieldSchema Under(string name) => Property(name) ?? (Shape == FieldShape.Map ? Items : null) ?? Anything;
}
