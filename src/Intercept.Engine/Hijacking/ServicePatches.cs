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

    /// <summary>The same undo without guards, in the original's form, for the Session's record.</summary>
    public static JsonPatch RestoreByHand(V1Service original)
    {
        var routing = ServiceRouting.Of(original);
        return new JsonPatch().Replace("/spec/selector", routing.Selector).Replace("/spec/ports", original.Spec.Ports);
    }

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
