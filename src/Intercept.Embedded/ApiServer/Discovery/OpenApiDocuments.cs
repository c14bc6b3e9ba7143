using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Discovery;

/// <summary>
/// What kubectl looks up in OpenAPI v3 before it writes: whether PATCH takes <c>fieldValidation</c>, so that it leaves validation
/// to the server. There are no schemas: for patches of built-in kinds kubectl then uses its own.
/// </summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    private static readonly string[] WriteParameters = ["dryRun", "fieldManager", "fieldValidation"];

    public JsonObject? Find(string path) => path.Trim('/').Split('/') switch
    {
        ["openapi", "v3"] => Index(),
        ["openapi", "v3", "api", var version] => Document("", version),
        ["openapi", "v3", "apis", var group, var version] => Document(group, version),
        _ => null,
    };

    private JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var (group, version) in catalog.All.Select(resource => (resource.Group, resource.Version)).Distinct())
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    private JsonObject? Document(string group, string version)
    {
        if (!catalog.HasVersion(group, version))
        {
            return null;
        }

        var root = group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
        var paths = new JsonObject();
        foreach (var resource in catalog.All.Where(resource => resource.Group == group && resource.Version == version))
        {
            paths[$"{root}/{(resource.IsNamespaced ? "namespaces/{namespace}/" : "")}{resource.Plural}/{{name}}"] = new JsonObject { ["patch"] = Patch(resource) };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "embedded" },
            ["paths"] = paths,
        };
    }

    private static JsonObject Patch(ResourceDefinition resource) => new()
    {
        ["parameters"] = new JsonArray([.. WriteParameters.Select(name => new JsonObject
        {
            ["name"] = name,
            ["in"] = "query",
            ["schema"] = new JsonObject { ["type"] = "string" },
        })]),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = resource.Group, ["kind"] = resource.Kind, ["version"] = resource.Version },
    };
}
