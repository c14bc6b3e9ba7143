using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Simulation.Tests.Cluster;

namespace Intercept.Simulation.Tests.Network;

/// <summary>R2: every write of ours carries a uid and a resourceVersion, so that it can only hit what was read.</summary>
internal static class GuardCheck
{
    /// <summary>What is wrong with a write; null where nothing is. A creation needs no guard: its name is the guard.</summary>
    public static string? Find(ApiRequest request) => request.Method switch
    {
        "GET" or "POST" => null,
        "DELETE" => Json(request) is JsonObject options && HasBoth(options.Object("preconditions")) ? null : "a DELETE without uid and resourceVersion",
        "PATCH" when request.ContentType!.StartsWith("application/json-patch", StringComparison.Ordinal) =>
            Json(request) is JsonArray operations && Names(operations, "/metadata/uid") && Names(operations, "/metadata/resourceVersion")
                ? null
                : "a JSON patch without uid and resourceVersion",
        _ => Json(request) is JsonObject body && HasBoth(body.Object("metadata")) ? null : $"a {request.Method} without uid and resourceVersion",
    };

    private static JsonNode? Json(ApiRequest request) => request.Body.Length == 0 ? null : ApiJson.Parse(request.Body);

    private static bool HasBoth(JsonObject? metadata) => metadata?.Text("uid") is not null && metadata.Text("resourceVersion") is not null;

    private static bool Names(JsonArray operations, string path) =>
        operations.OfType<JsonObject>().Any(operation => operation.Text("path") == path && operation.Text("op") is "test" or "replace");
}
