using System.Text.Json.Nodes;
using Intercept.Engine.Hijacking;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Inventory;

/// <summary>Compares a Service with its recorded original, and names who changed it.</summary>
internal static class ServiceComparison
{
    /// <summary>What differs, once what is still ours is thought away.</summary>
    public static IReadOnlyList<ServiceDifference> Find(LiveService live, ServiceRouting routing, ServiceRouting original)
    {
        var differences = new List<ServiceDifference>();
        foreach (var key in original.Selector.Keys.Union(routing.Selector.Keys))
        {
            var (before, now) = (original.Selector.GetValueOrDefault(key), routing.Selector.GetValueOrDefault(key));
            if (before != now)
            {
                differences.Add(new ServiceDifference($"spec.selector.{key}", before, now, FieldManagers.OfSelector(live)));
            }
        }

        foreach (var port in original.Ports.Concat(routing.Ports.Where(port => original.TargetOf(port) is null)))
        {
            var (before, now) = (original.TargetOf(port), routing.TargetOf(port));
            if (before != now)
            {
                differences.Add(new ServiceDifference($"spec.ports[{port.Port}/{port.Protocol}].targetPort", before, now, ManagerOf(live, port)));
            }
        }

        return differences;
    }

    private static string? ManagerOf(LiveService live, PortTarget port)
    {
        var key = $$"""k:{"port":{{port.Port}},"protocol":"{{port.Protocol}}"}""";
        return live.ManagedFields
            .OfType<JsonObject>()
            .LastOrDefault(entry => entry["manager"]?.GetValue<string>() != ProtocolNames.FieldManager && entry["fieldsV1"]?["f:spec"]?["f:ports"]?[key] is not null)?
            ["manager"]?.GetValue<string>();
    }
}
