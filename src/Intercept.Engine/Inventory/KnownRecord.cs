using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Inventory;

/// <summary>What a Service was before its hijack, as far as anything in the cluster tells.</summary>
internal static class KnownRecord
{
    /// <summary>
    /// The Service's own record; where that is gone or can't be read while something of the hijack is still on the Service, what
    /// its Sessions tell; else null.
    /// </summary>
    public static ServiceRecord? Of(LiveService live, IReadOnlyList<SessionResource> sessions)
    {
        if (Read(live) is { } record)
        {
            return record;
        }

        var told = sessions
            .Where(session => session.Spec.Service.Uid == live.Uid)
            .Select(session => new ServiceRecord(
                ServiceRecord.CurrentVersion, session.Spec.Hijack, session.Spec.Original, [.. sessions.Select(other => other.Participant)]))
            .FirstOrDefault();
        return told is not null && (live.Annotation(Labels.Record) is not null || IsHijacked(live, told)) ? told : null;
    }

    /// <summary>Whether a Service was hijacked for certain, by what stands on it without a readable record.</summary>
    public static bool IsMissing(LiveService live) =>
        Read(live) is null && (live.Annotation(Labels.Record) is not null || live.Routing.Selector.ContainsKey(Labels.Session));

    /// <summary>Whether anything of the hijack's routing is still on the Service.</summary>
    public static bool IsHijacked(LiveService live, ServiceRecord record)
    {
        var restored = ThreeWayRestore.Selector(live.Routing, record);
        return !live.Routing.SelectsAs(restored) || ThreeWayRestore.Ports(live.Routing, record).Any();
    }

    private static ServiceRecord? Read(LiveService live)
    {
        try
        {
            return live.Record;
        }
        catch (UnreadableRecordException)
        {
            return null;
        }
    }
}
