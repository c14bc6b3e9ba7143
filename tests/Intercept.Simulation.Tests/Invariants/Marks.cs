using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>What the protocol writes onto objects, read without the engine's own code: it is what is being checked.</summary>
internal static class Marks
{
    public const string Record = "system.codezero.io/record";
    public const string Claims = "system.codezero.io/claims";
    public const string SessionLabel = "system.codezero.io/session";
    public const string Hijacked = "system.codezero.io/hijacked";
    public const string Status = "system.codezero.io/status";
    public const string Fences = "system.codezero.io/fences";
    public const string Prefix = "system.codezero.io/";
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Manager = "intercept";
    public const string Interceptor = "interceptor-leaf";
    public const string Decoy = "interceptor-leaf-decoy";

    /// <summary>Uids of the participants in a Service's record; null where it has no readable one.</summary>
    public static IReadOnlyList<string>? ParticipantsOf(JsonObject service) =>
        Annotation(service, Record) is { } text && Parse(text) is JsonObject record && record.Object("original") is not null && record.Object("hijack") is not null
            ? [.. record.Objects("participants").Select(participant => participant.Text("uid")!)]
            : null;

    /// <summary>Uids of those who claim an object.</summary>
    public static IReadOnlyList<string> ClaimsOf(JsonObject item) =>
        Annotation(item, Claims) is { } text && Parse(text) is JsonArray claims
            ? [.. claims.OfType<JsonObject>().Select(claim => claim.Text("uid")!)]
            : [];

    public static string? Annotation(JsonObject json, string key) => json.Metadata().Object("annotations")?.Text(key);

    /// <summary>Whether a part of a selector is of our making.</summary>
    public static bool IsOurs(KeyValuePair<string, string> part) =>
        part.Key == SessionLabel || part.Value == "interceptor" || part.Value.StartsWith("interceptor-", StringComparison.Ordinal);

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
