using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Failures;

/// <summary>The failures of a real API server, with its own texts.</summary>
internal static class ApiFailure
{
    public static ApiStatusException NotFound(ResourceDefinition resource, string name) =>
        new(404, "NotFound", $"{resource.QualifiedPlural} \"{name}\" not found", Details(resource, name));

    public static ApiStatusException AlreadyExists(ResourceDefinition resource, string name) =>
        new(409, "AlreadyExists", $"{resource.QualifiedPlural} \"{name}\" already exists", Details(resource, name));

    public static ApiStatusException Modified(ResourceDefinition resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiStatusException Conflict(ResourceDefinition resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource.QualifiedPlural} \"{name}\": {why}", Details(resource, name));

    public static ApiStatusException Forbidden(ResourceDefinition resource, string name, string why) =>
        new(403, "Forbidden", $"{resource.QualifiedPlural} \"{name}\" is forbidden: {why}", Details(resource, name));

    public static ApiStatusException NamespaceTerminating(ResourceDefinition resource, string name, string namespaceName)
    {
        var details = Details(resource, name);
        details["causes"] = new JsonArray(
            new FieldError("NamespaceTerminating", "metadata.namespace", $"namespace {namespaceName} is being terminated").ToCause());
        return new(
            403,
            "Forbidden",
            $"{resource.QualifiedPlural} \"{name}\" is forbidden: unable to create new content in namespace {namespaceName} because it is being terminated",
            details);
    }

    public static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatusException Internal(string message) => new(500, null, message);

    public static ApiStatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiStatusException UnknownPath() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiStatusException NotImplemented(string what) =>
        new(501, "NotImplemented", $"the embedded cluster does not implement {what}", []);

    public static ApiStatusException PatchRejected() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static ApiStatusException Expired(string message) => new(410, "Expired", message);

    public static ApiStatusException TooLarge(int limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}", []);

    public static ApiStatusException RevisionTooLarge(long asked, long current) =>
        new(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {current}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        });

    public static ApiStatusException NotAcceptable() =>
        new(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: application/json", []);

    public static ApiStatusException UnsupportedBody(params IEnumerable<string> accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    public static ApiStatusException Invalid(ResourceDefinition resource, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(resource.Group, resource.Kind, name, errors);

    public static ApiStatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        details["causes"] = new JsonArray([.. errors.Select(error => error.ToCause())]);
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        return new(422, "Invalid", $"{qualified} \"{name}\" is invalid: {text}", details);
    }

    public static JsonObject Details(ResourceDefinition resource, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (resource.Group.Length > 0)
        {
            details["group"] = resource.Group;
        }

        details["kind"] = resource.Plural;
        return details;
    }
}
