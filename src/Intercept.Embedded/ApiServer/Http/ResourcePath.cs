namespace Intercept.Embedded.ApiServer.Http;

/// <summary>
/// A path under <c>/api</c> or <c>/apis</c>, taken apart. The group is empty for the core group; the sub-resource is all that stands
/// behind the name; the old form with <c>/watch/</c> is a watch.
/// </summary>
internal sealed record ResourcePath(string Group, string Version, string? Namespace, string Resource, string? Name, string? Subresource, bool IsWatch)
{
    /// <summary>Null where the path is none of a resource: discovery, health, or nothing at all.</summary>
    public static ResourcePath? Parse(string path)
    {
        var segments = path.TrimStart('/').Split('/');
        if (segments is [.., ""])
        {
            segments = segments[..^1];
        }

        return segments switch
        {
            ["api", var version, .. var rest] when rest.Length > 0 => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] when rest.Length > 0 => Parse(group, version, rest),
            _ => null,
        };
    }

    private static ResourcePath? Parse(string group, string version, string[] rest)
    {
        var isWatch = rest[0] == "watch" && rest.Length > 1;
        if (isWatch)
        {
            rest = rest[1..];
        }

        if (rest.Contains(""))
        {
            return null;
        }

        // Below a namespace stand its own sub-resources and everything that lives in it.
        if (rest is ["namespaces", var space, var resource, .. var below] && !(group.Length == 0 && resource is "status" or "finalize" && below.Length == 0))
        {
            return Make(space, resource, below);
        }

        return Make(null, rest[0], rest[1..]);

        ResourcePath Make(string? space, string resource, string[] below) => new(
            group,
            version,
            space is null ? null : Uri.UnescapeDataString(space),
            resource,
            below.Length > 0 ? Uri.UnescapeDataString(below[0]) : null,
            below.Length > 1 ? string.Join('/', below[1..]) : null,
            isWatch);
    }
}
