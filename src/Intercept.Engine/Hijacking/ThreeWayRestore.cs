using Intercept.Engine.Records;
using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>
/// What a Service's routing shall be after the hijack, from what it is now, what it was, and what the hijack made of it: where
/// somebody else changed a part meanwhile, that change stays.
/// </summary>
internal static class ThreeWayRestore
{
    /// <summary>Key by key: what is still ours goes back to the original; what is not ours is kept.</summary>
    public static Dictionary<string, string> Selector(V1Service live, ServiceRecord record)
    {
        var current = live.Spec.Selector ?? new Dictionary<string, string>();
        var restored = new Dictionary<string, string>();
        foreach (var key in current.Keys.Union(record.Original.Selector.Keys).Union(record.Hijack.Selector.Keys))
        {
            var now = ValueOf(current, key);
            var value = now == ValueOf(record.Hijack.Selector, key) ? ValueOf(record.Original.Selector, key) : now;
            if (value is not null)
            {
                restored[key] = value;
            }
        }

        return restored;
    }

    /// <summary>Target port by place in the live list, for those that change. A port that somebody re-targeted or added is not among them.</summary>
    public static IEnumerable<(int Index, string TargetPort)> Ports(V1Service live, ServiceRecord record)
    {
        for (var index = 0; index < live.Spec.Ports.Count; index++)
        {
            var port = live.Spec.Ports[index];
            var now = PortTarget.Of(port).TargetPort;
            if (now == record.Hijack.TargetOf(port) && record.Original.TargetOf(port) is { } original && original != now)
            {
                yield return (index, original);
            }
        }
    }

    private static string? ValueOf(IEnumerable<KeyValuePair<string, string>> map, string key) =>
        map.Where(pair => pair.Key == key).Select(pair => pair.Value).FirstOrDefault();
}
