using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Discovery;

/// <summary>What the server serves, as clients ask for it.</summary>
internal sealed class DiscoveryDocuments(ResourceCatalog catalog, OpenApiDocuments openApi, ApiServerSettings settings)
{
    /// <summary>The document under a path, or null where that is none of discovery.</summary>
    public JsonNode? Find(string path) => path.Trim('/').Split('/') switch
    {
        ["api"] => Versions(),
        ["api", "v1"] => Resources("", "v1"),
        ["apis"] => Groups(),
        ["apis", var group] when IsGroup(group) => Group(group),
        ["apis", var group, var version] when IsVersion(group, version) => Resources(group, version),
        ["version"] => Version(),
        ["openapi", ..] => openApi.Find(path),
        _ => null,
    };

    /// <summary>Whether a group is served at all: the answer to an unknown path below it depends on it.</summary>
    public bool IsGroup(string group) => catalog.HasGroup(group) || group == AccessReviews.Group;

    private bool IsVersion(string group, string version) =>
        catalog.HasVersion(group, version) || (group == AccessReviews.Group && version == "v1");

    private static JsonObject Versions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    private JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.All.Select(resource => resource.Group).Append(AccessReviews.Group)
            .Where(group => group.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Select(group => GroupEntry(group))]),
    };

    private JsonObject Group(string group)
    {
        var document = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (name, value) in GroupEntry(group))
        {
            document[name] = value?.DeepClone();
        }

        return document;
    }

    private JsonObject GroupEntry(string group)
    {
        var versions = catalog.All.Where(resource => resource.Group == group)
            .Select(resource => resource.Version)
            .DefaultIfEmpty("v1")
            .Distinct(StringComparer.Ordinal)
            .Select(version => new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version })
            .ToList();
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }

    private JsonObject Resources(string group, string version)
    {
        var entries = new List<JsonObject>();
        foreach (var resource in catalog.All.Where(resource => resource.Group == group && resource.Version == version).OrderBy(resource => resource.Plural, StringComparer.Ordinal))
        {
            entries.Add(Entry(resource));
            if (resource.HasStatus)
            {
                entries.Add(Subresource(resource, "status", resource.Kind, ["get", "patch", "update"]));
            }

            if (resource.HasScale)
            {
                var scale = Subresource(resource, "scale", "Scale", ["get", "patch", "update"]);
                scale["group"] = "autoscaling";
                scale["version"] = "v1";
                entries.Add(scale);
            }

            if (resource is { Group: "", Plural: "pods" })
            {
                entries.Add(Subresource(resource, "log", "Pod", ["get"]));
                entries.Add(Subresource(resource, "portforward", "PodPortForwardOptions", ["create", "get"]));
            }
        }

        if (group == AccessReviews.Group)
        {
            entries.AddRange(AccessReviews.Kinds.Select(kind => new JsonObject
            {
                ["name"] = AccessReviews.Plural(kind),
                ["singularName"] = kind.ToLowerInvariant(),
                ["namespaced"] = false,
                ["kind"] = kind,
                ["verbs"] = new JsonArray("create"),
            }));
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. entries]),
        };
    }

    private static JsonObject Entry(ResourceDefinition resource)
    {
        var entry = new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.IsNamespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = Texts(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0)
        {
            entry["shortNames"] = Texts(resource.ShortNames);
        }

        if (resource.Categories.Count > 0)
        {
            entry["categories"] = Texts(resource.Categories);
        }

        return entry;
    }

    private static JsonObject Subresource(ResourceDefinition resource, string name, string kind, IReadOnlyList<string> verbs) => new()
    {
        ["name"] = $"{resource.Plural}/{name}",
        ["singularName"] = "",
        ["namespaced"] = resource.IsNamespaced,
        ["kind"] = kind,
        ["verbs"] = Texts(verbs),
    };

    private JsonObject Version()
    {
        var parts = settings.GitVersion.TrimStart('v').Split('.');
        return new JsonObject
        {
            ["major"] = parts[0],
            ["minor"] = parts.Length > 1 ? parts[1] : "0",
            ["gitVersion"] = settings.GitVersion,
            ["gitCommit"] = "embedded",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "dotnet",
            ["platform"] = "dotnet/any",
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
