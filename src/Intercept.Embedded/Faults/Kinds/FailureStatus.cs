using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.Faults.Kinds;

/// <summary>The Status that a real API server gives with a failure of its own.</summary>
internal static class FailureStatus
{
    public static ApiStatusException Of(int code, ApiCall call, string? message, TimeSpan? retryAfter)
    {
        var (reason, text) = code switch
        {
            400 => ("BadRequest", "the server rejected our request for an unknown reason"),
            401 => ("Unauthorized", "Unauthorized"),
            403 => ("Forbidden", $"{Subject(call)} is forbidden: User \"{call.User}\" cannot {call.Verb} {What(call)}"),
            404 => ("NotFound", call.Name is null ? "the server could not find the requested resource" : $"{Subject(call)} not found"),
            409 => ("Conflict", $"Operation cannot be fulfilled on {Subject(call)}: the object has been modified; please apply your changes to the latest version and try again"),
            410 => ("Expired", "The resourceVersion for the provided list is too old."),
            422 => ("Invalid", "the server rejected our request due to an error in our request"),
            429 => ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
            500 => ("InternalError", "Internal error occurred: etcdserver: leader changed"),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
            504 => ("Timeout", "Timeout: request did not complete within the allotted timeout"),
            _ => ("Unknown", "an error on the server has prevented the request from succeeding"),
        };
        var details = new JsonObject();
        if (call.Name is not null)
        {
            details["name"] = call.Name;
        }

        if (!string.IsNullOrEmpty(call.Group))
        {
            details["group"] = call.Group;
        }

        if (call.Resource is not null)
        {
            details["kind"] = call.Resource.Split('/')[0];
        }

        if (retryAfter is { } wait)
        {
            details["retryAfterSeconds"] = (long)Math.Ceiling(wait.TotalSeconds);
        }

        return new ApiStatusException(code, reason, message ?? text, details);
    }

    private static string Subject(ApiCall call)
    {
        var kind = call.Resource?.Split('/')[0] ?? call.Path;
        var qualified = string.IsNullOrEmpty(call.Group) ? kind : $"{kind}.{call.Group}";
        return call.Name is null ? qualified : $"{qualified} \"{call.Name}\"";
    }

    private static string What(ApiCall call) => call.Resource is null
        ? $"path \"{call.Path}\""
        : $"resource \"{call.Resource}\" in API group \"{call.Group}\" {(call.Namespace is null ? "at the cluster scope" : $"in the namespace \"{call.Namespace}\"")}";
}
