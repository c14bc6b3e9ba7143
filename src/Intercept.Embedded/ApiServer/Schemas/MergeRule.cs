namespace Intercept.Embedded.ApiServer.Schemas;

/// <summary>How a field is merged, beyond its shape.</summary>
/// <param name="PatchKey">The field by which a strategic merge patch finds the items of a list (<c>patchMergeKey</c>).</param>
/// <param name="MergesPrimitives">A strategic merge patch adds to a list of plain values in place of replacing it.</param>
/// <param name="ListKeys">The fields by which field ownership tells items of a list apart (<c>x-kubernetes-list-map-keys</c>).</param>
/// <param name="IsSet">Field ownership knows the values of a list one by one (<c>x-kubernetes-list-type: set</c>).</param>
/// <param name="IsAtomic">Field ownership knows an object or map only as a whole.</param>
/// <param name="RetainsKeys">A strategic merge patch may carry <c>$retainKeys</c>.</param>
internal sealed record MergeRule(
    string? PatchKey = null,
    bool MergesPrimitives = false,
    IReadOnlyList<string>? ListKeys = null,
    bool IsSet = false,
    bool IsAtomic = false,
    bool RetainsKeys = false)
{
    public static MergeRule None { get; } = new();

    public static MergeRule ByKey(string key, params string[] more) => new(PatchKey: key, ListKeys: [key, .. more]);
}
