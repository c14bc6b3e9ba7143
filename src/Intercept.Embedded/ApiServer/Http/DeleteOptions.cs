using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Reads <c>DeleteOptions</c>: from the body if there is one, else from the query.</summary>
internal static class DeleteOptions
{
    private const string Kind = "DeleteOptions";

    private static readonly string[] Policies = ["Foreground", "Background", "Orphan"];

    public static async Task<DeleteRequest> ReadAsync(HttpContext context)
    {
        var bytes = await RequestBody.ReadAsync(context);
        var request = bytes.Length > 0 ? FromBody(bytes) : FromQuery(context);
        if (request.Propagation is { } policy && !Policies.Contains(policy))
        {
            throw Invalid(FieldError.NotSupported("propagationPolicy", policy, "Foreground", "Background", "Orphan", "nil"));
        }

        // A client that asks for less than nothing gets the shortest grace.
        return request.GracePeriodSeconds < 0 ? request with { GracePeriodSeconds = 1 } : request;
    }

    private static DeleteRequest FromQuery(HttpContext context) => new()
    {
        Propagation = Policy(QueryOptions.Text(context, "propagationPolicy"), context.Request.Query.ContainsKey("orphanDependents") ? QueryOptions.Flag(context, "orphanDependents") : null),
        GracePeriodSeconds = QueryOptions.Number(context, "gracePeriodSeconds"),
        DryRun = QueryOptions.DryRun(context, Kind),
    };

    private static DeleteRequest FromBody(byte[] bytes)
    {
        JsonObject json;
        try
        {
            json = ApiJson.RequireObject(ApiJson.Parse(bytes), Kind);
        }
        catch (JsonException wrong)
        {
            throw ApiFailure.BadRequest($"couldn't get version/kind; json parse error: {wrong.Message}");
        }

        if (json.Text("kind") is { Length: > 0 } kind and not Kind)
        {
            throw ApiFailure.Internal($"no kind \"{kind}\" is registered for version \"{json.Text("apiVersion")}\" in scheme \"meta/internalversion\"");
        }

        var dryRun = json.Array("dryRun")?.Select(value => value.AsText()).ToList() ?? [];
        QueryOptions.RequireAll(dryRun, Kind);
        return new DeleteRequest
        {
            Uid = json.Object("preconditions")?.Text("uid"),
            ResourceVersion = json.Object("preconditions")?.Text("resourceVersion"),
            Propagation = Policy(json.Text("propagationPolicy"), json.Flag("orphanDependents")),
            GracePeriodSeconds = json.Number("gracePeriodSeconds"),
            DryRun = dryRun.Count > 0,
        };
    }

    private static string? Policy(string? policy, bool? orphan)
    {
        if (orphan is null)
        {
            return string.IsNullOrEmpty(policy) ? null : policy;
        }

        if (!string.IsNullOrEmpty(policy))
        {
            throw Invalid(FieldError.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
        }

        return orphan == true ? "Orphan" : "Background";
    }

    private static ApiStatusException Invalid(FieldError error) => ApiFailure.Invalid("meta.k8s.io", Kind, "", [error]);
}
