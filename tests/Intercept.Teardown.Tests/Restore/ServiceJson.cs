using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>A Service as the JSON that patches are made for.</summary>
internal static class ServiceJson
{
    public const string Uid = "6f1d";
    public const string ResourceVersion = "17";

    public static JsonObject Of(OwnedService service) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["uid"] = Uid,
            ["resourceVersion"] = ResourceVersion,
            ["labels"] = OfMap(service.Labels),
            ["annotations"] = OfMap(service.Annotations),
        },
        ["spec"] = new JsonObject
        {
            ["selector"] = OfMap(service.Selector),
            ["ports"] = new JsonArray([.. service.Ports.Select(OfPort)]),
        },
    };

    public static OwnedService Read(JsonObject json, OwnedService before) => before with
    {
        Selector = Map(json["spec"]!["selector"]),
        Ports = [.. json["spec"]!["ports"]!.AsArray().Select(Port)],
        Labels = Map(json["metadata"]!["labels"]),
        Annotations = Map(json["metadata"]!["annotations"]),
    };

    public static LiveService Live(OwnedService service, string uid = Uid) => new()
    {
        Uid = uid,
        ResourceVersion = ResourceVersion,
        Labels = service.Labels.IsEmpty ? null : service.Labels,
        Annotations = service.Annotations.IsEmpty ? null : service.Annotations,
        Routing = service.Routing,
    };

    private static JsonObject? OfMap(ImmutableSortedDictionary<string, string> map) =>
        map.IsEmpty ? null : new JsonObject(map.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));

    private static JsonObject OfPort(PortTarget port) => new()
    {
        ["port"] = port.Port,
        ["protocol"] = port.Protocol,
        ["targetPort"] = int.TryParse(port.TargetPort, CultureInfo.InvariantCulture, out var number) ? number : port.TargetPort,
    };

    private static ImmutableSortedDictionary<string, string> Map(JsonNode? map) =>
        (map?.AsObject() ?? []).ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal);

    private static PortTarget Port(JsonNode? port) =>
        new(port!["port"]!.GetValue<int>(), port["protocol"]!.GetValue<string>(), port["targetPort"]!.ToString());
}
