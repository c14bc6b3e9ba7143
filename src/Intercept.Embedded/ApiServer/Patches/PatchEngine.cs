using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Ownership;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Patches;

/// <summary>PATCH of an object or of its status: applied to the newest state, again if someone else writes in between.</summary>
internal sealed class PatchEngine(ObjectRegistry registry, ServerSideApply apply)
{
    /// <exception cref="ApiStatusException">404, 409, 422: as the patch and the object have it.</exception>
    public (StoredObject Object, bool Created) Apply(string name, PatchBody patch, RequestScope scope)
    {
        if (patch.Kind == PatchKind.Apply)
        {
            return apply.Apply(name, (JsonObject)patch.Content!, scope);
        }

        var patched = registry.Change(name, scope, (current, _) =>
        {
            var uid = current.Metadata().Text("uid");
            var version = current.Metadata().Text("resourceVersion");
            var next = Patched((JsonObject)current.DeepClone(), patch, scope);
            var metadata = next["metadata"] as JsonObject ?? throw ApiFailure.BadRequest("the patched object has no metadata");
            CheckIdentity(next, metadata, name, scope, uid);
            var sent = metadata.Text("resourceVersion");
            if (!string.IsNullOrEmpty(sent) && sent != version)
            {
                throw ApiFailure.Modified(scope.Resource, name);
            }

            return next;
        });
        return (patched, false);
    }

    private static JsonObject Patched(JsonObject current, PatchBody patch, RequestScope scope) => patch.Kind switch
    {
        PatchKind.Json => JsonPatch.Apply(current, patch.Content),
        PatchKind.Merge => MergePatch.Apply(current, (JsonObject)patch.Content!),
        _ => StrategicMergePatch.Apply(current, (JsonObject)patch.Content!, scope.Resource.Schema),
    };

    private static void CheckIdentity(JsonObject next, JsonObject metadata, string name, RequestScope scope, string? uid)
    {
        var resource = scope.Resource;
        if (metadata.Text("name") is var named && named != name)
        {
            throw ApiFailure.BadRequest($"the name of the object ({named}) does not match the name on the URL ({name})");
        }

        if (scope.Namespace is not null && metadata.Text("namespace") is { Length: > 0 } space && space != scope.Namespace)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (metadata.Text("uid") is { Length: > 0 } other && other != uid)
        {
            throw ApiFailure.Invalid(resource, name, [FieldError.Invalid("metadata.uid", other, "field is immutable")]);
        }

        if (next.Text("kind") is var kind && kind != resource.Kind)
        {
            throw ApiFailure.BadRequest($"{kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: no kind \"{kind}\" is registered");
        }

        if (next.Text("apiVersion") is var version && version != resource.ApiVersion)
        {
            throw ApiFailure.BadRequest($"the API version in the data ({version}) does not match the expected API version ({resource.ApiVersion})");
        }
    }
}
