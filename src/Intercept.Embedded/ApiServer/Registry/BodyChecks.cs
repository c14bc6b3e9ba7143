using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>What a body must agree with before it is looked at: the path, and what is stored.</summary>
internal static class BodyChecks
{
    public static void RequireKindAndNamespace(JsonObject body, RequestScope scope)
    {
        var resource = scope.Resource;
        var (kind, version) = (body.Text("kind") ?? "", body.Text("apiVersion") ?? "");
        if (resource.IsCustom)
        {
            if (kind.Length == 0)
            {
                throw ApiFailure.BadRequest($"the object provided is unrecognized (must be of type {resource.Kind}): Object 'Kind' is missing in '{body.ToJsonString(ApiJson.Options)}'");
            }

            if (kind != resource.Kind)
            {
                throw ApiFailure.Invalid(resource.Group, kind, body.Name(), [FieldError.Invalid("kind", kind, $"must be {resource.Kind}")]);
            }

            if (version != resource.ApiVersion)
            {
                throw ApiFailure.Invalid(resource.Group, kind, body.Name(), [FieldError.Invalid("apiVersion", version, $"must be {resource.ApiVersion}")]);
            }
        }
        else if (kind.Length > 0 && kind != resource.Kind)
        {
            throw ApiFailure.BadRequest($"{kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: converting (v1.{kind}) to (core.{resource.Kind}): unknown conversion");
        }
        else if (version.Length > 0 && version != resource.ApiVersion)
        {
            throw ApiFailure.BadRequest($"the API version in the data ({version}) does not match the expected API version ({resource.ApiVersion})");
        }

        if (body.Metadata().Text("namespace") is { Length: > 0 } named && scope.Namespace is not null && named != scope.Namespace)
        {
            throw ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    public static void RequireName(JsonObject body, string name)
    {
        var own = body.Name();
        if (own.Length == 0)
        {
            body.Metadata()["name"] = name;
        }
        else if (own != name)
        {
            throw ApiFailure.BadRequest($"the name of the object ({own}) does not match the name on the URL ({name})");
        }
    }

    public static void RequireSameUid(JsonObject body, JsonObject current, ResourceDefinition resource, string name)
    {
        var (sent, stored) = (body.Metadata().Text("uid"), current.Metadata().Text("uid"));
        if (!string.IsNullOrEmpty(sent) && sent != stored)
        {
            throw ApiFailure.Conflict(
                resource,
                name,
                $"StorageError: invalid object, Code: 4, Key: /registry/{resource.Plural}/{current.Metadata().Text("namespace")}/{name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {sent}, UID in object meta: {stored}");
        }
    }

    public static void RequireSameVersion(JsonObject body, JsonObject current, ResourceDefinition resource, string name)
    {
        var sent = body.Metadata().Text("resourceVersion");
        if (!string.IsNullOrEmpty(sent) && sent != "0" && sent != current.Metadata().Text("resourceVersion"))
        {
            throw ApiFailure.Modified(resource, name);
        }
    }

    public static void RequirePreconditions(StoredObject existing, ResourceDefinition resource, DeleteRequest request)
    {
        if (request.Uid is { } uid && uid != existing.Uid)
        {
            throw Precondition("UID", uid, existing.Uid);
        }

        if (request.ResourceVersion is { } version && version != existing.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            throw Precondition("ResourceVersion", version, existing.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        ApiStatusException Precondition(string what, string asked, string found) => new(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {resource.Kind} \"{existing.Name}\": the {what} in the precondition ({asked}) does not match the {what} in record ({found}). The object might have been {(what == "UID" ? "deleted and then recreated" : "modified")}",
            new JsonObject { ["name"] = existing.Name, ["kind"] = resource.Kind });
    }

    public static void Decode(JsonObject body, RequestScope scope)
    {
        var unknown = scope.Resource.Strategy.Decode(body, scope.Resource);
        if (unknown.Count == 0 || scope.FieldValidation == "Ignore")
        {
            return;
        }

        if (scope.FieldValidation == "Strict")
        {
            var resource = scope.Resource;
            var fields = string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""));
            throw ApiFailure.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: strict decoding error: {fields}");
        }

        scope.Warnings.AddRange(unknown.Select(field => $"unknown field \"{field}\""));
    }
}
