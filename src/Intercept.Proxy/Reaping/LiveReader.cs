using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>The API's JSON as the protocol sees it.</summary>
internal static class LiveReader
{
    /// <summary>Any object that was read.</summary>
    public static LiveObject ReadObject(JsonObject json)
    {
        var metadata = json["metadata"]!;
        return new LiveObject
        {
            Uid = (string)metadata["uid"]!,
            ResourceVersion = (string)metadata["resourceVersion"]!,
            Labels = ReadMap(metadata["labels"]),
            Annotations = ReadMap(metadata["annotations"]),
            IsTerminating = metadata["deletionTimestamp"] is not null,
        };
    }

    /// <summary>A Service that was read.</summary>
    public static LiveService ReadService(JsonObject json)
    {
        var live = ReadObject(json);
        var spec = json["spec"]!;
        return new LiveService
        {
            Uid = live.Uid,
            ResourceVersion = live.ResourceVersion,
            Labels = live.Labels,
            Annotations = live.Annotations,
            IsTerminating = live.IsTerminating,
            Routing = new ServiceRouting(
                ReadMap(spec["selector"]) ?? new SortedDictionary<string, string>(),
                (spec["ports"] as JsonArray ?? []).Select(ReadPort).ToArray()),
            ManagedFields = (JsonArray?)json["metadata"]!["managedFields"]?.DeepClone() ?? [],
        };
    }

    // targetPort is a number or a name, and absent where it is the port itself.
    private static PortTarget ReadPort(JsonNode? port) => new(
        (int)port!["port"]!, (string?)port["protocol"] ?? "TCP", (port["targetPort"] ?? port["port"])!.ToString());

    private static SortedDictionary<string, string>? ReadMap(JsonNode? json)
    {
        if (json is not JsonObject map)
        {
            return null;
        }

        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map)
        {
            result[key] = (string?)value ?? string.Empty;
        }

        return result;
    }
}
