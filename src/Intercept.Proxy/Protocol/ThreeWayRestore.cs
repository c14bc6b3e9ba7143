namespace Intercept.Proxy.Protocol;

/// <summary>
/// What a Service's routing shall be after the hijack, from what it is now, what it was, and what the hijack made of it: where
/// somebody else changed a part meanwhile, that change stays.
/// </summary>
internal static class ThreeWayRestore
{
    /// <summary>Key by key: what is still ours goes back to the original; what is not ours is kept.</summary>
    public static Dictionary<string, string> Selector(ServiceRouting live, ServiceRecord record)
    {
        var restored = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in live.Selector.Keys.Union(record.Original.Selector.Keys).Union(record.Hijack.Selector.Keys))
        {
            var now = live.Selector.GetValueOrDefault(key);
            var value = now == record.Hijack.Selector.GetValueOrDefault(key) ? record.Original.Selector.GetValueOrDefault(key) : now;
            if (value is not null)
            {
                restored[key] = value;
            }
        }

        return restored;
    }

    /// <summary>Target port by place in the live list, for those that change. A port that somebody re-targeted or added is not among them.</summary>
    public static IEnumerable<(int Index, string TargetPort)> Ports(ServiceRouting live, ServiceRecord record)
    {
        for (var index = 0; index < live.Ports.Count; index++)
        {
            var port = live.Ports[index];
            if (port.TargetPort == record.Hijack.TargetOf(port) && record.Original.TargetOf(port) is { } original && original != port.TargetPort)
            {
                yield return (index, original);
            }
        }
    }

    /// <summary>The whole routing as it shall be.</summary>
    public static ServiceRouting Routing(ServiceRouting live, ServiceRecord record)
    {
        var ports = live.Ports.ToArray();
        foreach (var (index, target) in Ports(live, record))
        {
            ports[index] = ports[index] with { TargetPort = target };
        }

        return new ServiceRouting(Selector(live, record), ports);
    }
}
