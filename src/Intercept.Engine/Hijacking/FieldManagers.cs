using System.Globalization;
using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Hijacking;

/// <summary>Finds out from <c>metadata.managedFields</c> who set a field last.</summary>
internal static class FieldManagers
{
    /// <summary>Name of the manager, other than us, that set the Service's selector last; null where nobody says so.</summary>
    public static string? OfSelector(LiveService live) => live.ManagedFields
        .OfType<JsonObject>()
        .Where(entry => Text(entry["manager"]) != ProtocolNames.FieldManager && entry["fieldsV1"]?["f:spec"]?["f:selector"] is not null)
        .OrderByDescending(entry => DateTimeOffset.TryParse(Text(entry["time"]), CultureInfo.InvariantCulture, out var time) ? time : default)
        .Select(entry => Text(entry["manager"]))
        .FirstOrDefault();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
