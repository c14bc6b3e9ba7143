using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Patches;

/// <summary>The patch of a request: its kind by media type, and its content.</summary>
internal sealed record PatchBody(PatchKind Kind, JsonNode? Content)
{
    public static PatchBody Parse(string mediaType, byte[] body, ResourceDefinition resource)
    {
        var kind = mediaType switch
        {
            "application/json-patch+json" => PatchKind.Json,
            "application/merge-patch+json" => PatchKind.Merge,
            "application/strategic-merge-patch+json" when !resource.IsCustom => PatchKind.Strategic,
            "application/apply-patch+yaml" => PatchKind.Apply,
            _ => throw Unsupported(resource),
        };
        return new(kind, Read(kind, body));
    }

    /// <summary>Options that go with server-side apply only, and those that it must have.</summary>
    public void CheckOptions(HttpContext context, RequestScope scope)
    {
        if (Kind != PatchKind.Apply && scope.Force)
        {
            throw Invalid(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        if (Kind == PatchKind.Apply && string.IsNullOrEmpty(QueryOptions.Text(context, "fieldManager")))
        {
            throw Invalid(FieldError.Required("fieldManager", "is required for apply patch"));
        }
    }

    private static JsonNode? Read(PatchKind kind, byte[] body)
    {
        try
        {
            var content = kind == PatchKind.Apply && !LooksLikeJson(body) ? YamlJson.Parse(body) : ApiJson.Parse(body);
            if (kind != PatchKind.Json && content is not JsonObject)
            {
                var found = content is JsonArray ? "array" : "value";
                throw ApiFailure.BadRequest($"{Prefix(kind)}json: cannot unmarshal {found} into Go value of type map[string]interface {{}}");
            }

            return content;
        }
        catch (JsonException wrong)
        {
            var why = RequestBody.IsCutShort(wrong) ? "unexpected end of JSON input" : wrong.Message;
            throw ApiFailure.BadRequest(kind == PatchKind.Apply ? $"error decoding YAML: error converting YAML to JSON: {wrong.Message}" : Prefix(kind) + why);
        }
    }

    private static string Prefix(PatchKind kind) => kind == PatchKind.Strategic ? "" : "error decoding patch: ";

    private static bool LooksLikeJson(byte[] body) => body.AsSpan().TrimStart(" \r\n\t"u8) is [(byte)'{', ..];

    private static ApiStatusException Unsupported(ResourceDefinition resource)
    {
        string[] accepted = resource.IsCustom
            ? ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]
            : ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];
        return new ApiStatusException(
            415,
            "UnsupportedMediaType",
            $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");
    }

    private static ApiStatusException Invalid(FieldError error) => ApiFailure.Invalid("meta.k8s.io", "PatchOptions", "", [error]);
}

/// <summary>The four kinds of patches.</summary>
internal enum PatchKind
{
    Json,
    Merge,
    Strategic,
    Apply,
}
