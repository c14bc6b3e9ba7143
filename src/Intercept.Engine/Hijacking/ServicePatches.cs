using System.Globalization;
using Intercept.Engine.Api;
using Intercept.Engine.Records;
using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>The four writes to an intercepted Service. Each is one compare-and-swap of the version that was read.</summary>
internal static class ServicePatches
{
    /// <summary>Leads the Service to the proxy; the record of the undo comes with the same write.</summary>
    public static JsonPatch Hijack(V1Service live, ServiceRecord record)
    {
        var patch = JsonPatch.For(live).Replace("/spec/selector", record.Hijack.Selector);
        for (var index = 0; index < live.Spec.Ports.Count; index++)
        {
            if (record.Hijack.TargetOf(live.Spec.Ports[index]) is { } target)
            {
                SetTargetPort(patch, index, target);
            }
        }

        return patch.SetAnnotation(live, Labels.Record, record.ToJson()).SetLabel(live, Labels.Hijacked, "true");
    }

    /// <summary>A participant joins or leaves a Service that stays hijacked.</summary>
    public static JsonPatch UpdateRecord(V1Service live, ServiceRecord record) =>
        JsonPatch.For(live).SetAnnotation(live, Labels.Record, record.ToJson());

    /// <summary>The last participant leaves: the Service is led back, and nothing of ours stays on it.</summary>
    public static JsonPatch Restore(V1Service live, ServiceRecord record) =>
        RestoreRouting(JsonPatch.For(live), live, record)
            .RemoveAnnotation(live, Labels.Record)
            .RemoveLabel(live, Labels.Hijacked);

    /// <summary>The undo of a hijack that is still to come, without guards, in the original's form: for people, in the Session.</summary>
    public static JsonPatch RestoreByHand(V1Service original) => new JsonPatch()
        .Replace("/spec/selector", ServiceRouting.Of(original).Selector)
        .Replace("/spec/ports", original.Spec.Ports);

    /// <summary>The same for a Service that is hijacked already.</summary>
    public static JsonPatch RestoreByHand(V1Service hijacked, ServiceRecord record) =>
        RestoreRouting(new JsonPatch(), hijacked, record);

    private static JsonPatch RestoreRouting(JsonPatch patch, V1Service live, ServiceRecord record)
    {
        patch.Replace("/spec/selector", ThreeWayRestore.Selector(live, record));
        foreach (var (index, target) in ThreeWayRestore.Ports(live, record))
        {
            SetTargetPort(patch, index, target);
        }

        return patch;
    }

    private static void SetTargetPort(JsonPatch patch, int index, string target)
    {
        var path = $"/spec/ports/{index}/targetPort";
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            patch.Replace(path, number);
        }
        else
        {
            patch.Replace(path, target);
        }
    }
}
