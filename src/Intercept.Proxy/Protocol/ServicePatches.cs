using System.Globalization;
using System.Text.Json.Nodes;

namespace Intercept.Proxy.Protocol;

/// <summary>The writes to an intercepted Service. Each is one compare-and-swap of the version that was read.</summary>
internal static class ServicePatches
{
    /// <summary>Leads the Service to the proxy; the record of the undo comes with the same write.</summary>
    public static JsonPatch Hijack(LiveService live, ServiceRecord record)
    {
        var patch = JsonPatch.For(live).Replace("/spec/selector", record.Hijack.Selector);
        for (var index = 0; index < live.Routing.Ports.Count; index++)
        {
            var port = live.Routing.Ports[index];
            if (record.Hijack.TargetOf(port) is { } target && target != port.TargetPort)
            {
                SetTargetPort(patch, index, target);
            }
        }

        return patch.SetAnnotation(live, ProtocolNames.Record, record.ToJson()).SetLabel(live, ProtocolNames.Hijacked, "true");
    }

    /// <summary>A participant joins or leaves a Service that stays hijacked.</summary>
    public static JsonPatch UpdateRecord(LiveService live, ServiceRecord record) =>
        JsonPatch.For(live).SetAnnotation(live, ProtocolNames.Record, record.ToJson());

    /// <summary>The last participant leaves: the Service is led back, and nothing of ours stays on it.</summary>
    public static JsonPatch Restore(LiveService live, ServiceRecord record) =>
        RestoreRouting(JsonPatch.For(live), live.Routing, record)
            .RemoveAnnotation(live, ProtocolNames.Record)
            .RemoveLabel(live, ProtocolNames.Hijacked);

    /// <summary>Sets the fences; the annotation goes with the last one.</summary>
    public static JsonPatch SetFences(LiveService live, Participant[] fences) => fences.Length == 0
        ? JsonPatch.For(live).RemoveAnnotation(live, ProtocolNames.Fences)
        : JsonPatch.For(live).SetAnnotation(live, ProtocolNames.Fences, ParticipantList.ToJson(fences));

    /// <summary>Puts back who owns which field.</summary>
    public static JsonPatch SetManagedFields(LiveService live, JsonArray managedFields) =>
        JsonPatch.For(live).Replace("/metadata/managedFields", managedFields);

    /// <summary>The undo of a hijack without guards, for people who do it by hand.</summary>
    public static JsonPatch RestoreByHand(ServiceRouting hijacked, ServiceRecord record) =>
        RestoreRouting(new JsonPatch(), hijacked, record);

    private static JsonPatch RestoreRouting(JsonPatch patch, ServiceRouting live, ServiceRecord record)
    {
        patch.Replace("/spec/selector", ThreeWayRestore.Selector(live, record));
        foreach (var (index, target) in ThreeWayRestore.Ports(live, record))
        {
            SetTargetPort(patch, index, target);
        }

        return patch;
    }

    private static void SetTargetPort(JsonPatch patch, int index, string target) => patch.Replace(
        $"/spec/ports/{index}/targetPort",
        int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : target);
}
