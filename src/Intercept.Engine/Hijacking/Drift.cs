using System.Globalization;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Hijacking;

/// <summary>How far a hijacked Service is from what the hijack made of it.</summary>
internal enum Drift
{
    /// <summary>As the hijack made it.</summary>
    None,

    /// <summary>Partly ours: somebody changed a part of the selector, or ports. It may match no pod at all, so it is put right at once.</summary>
    Mixed,

    /// <summary>Nothing of our selector is left: somebody took the Service back.</summary>
    Reverted,
}

/// <summary>Finds drift, and makes what others changed the new original.</summary>
internal static class Drifts
{
    /// <summary>Compares a live Service with its record.</summary>
    public static Drift Find(ServiceRouting live, ServiceRecord record)
    {
        if (!record.Hijack.SelectsAs(live.Selector))
        {
            return record.Hijack.Selector.Any(pair => live.Selector.GetValueOrDefault(pair.Key) == pair.Value) ? Drift.Mixed : Drift.Reverted;
        }

        return live.Ports.All(port => record.Hijack.TargetOf(port) == port.TargetPort) ? Drift.None : Drift.Mixed;
    }

    /// <summary>
    /// The record after a hijack of the Service as it is now: its new original is what a restore would make of it, so what others
    /// changed is what comes back in the end.
    /// </summary>
    public static ServiceRecord Adopt(this ServiceRecord record, ServiceRouting live)
    {
        var original = ThreeWayRestore.Routing(live, record);
        var next = record.Hijack.Ports.Select(ListenPort).Append(HijackRouting.FirstListenPort - 1).Max() + 1;
        var ports = original.Ports
            .Select(port => port with
            {
                TargetPort = record.Hijack.TargetOf(port) ?? (next++).ToString(CultureInfo.InvariantCulture),
            })
            .ToArray();
        return record with { Original = original, Hijack = record.Hijack with { Ports = ports } };
    }

    private static int ListenPort(PortTarget port) =>
        int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
