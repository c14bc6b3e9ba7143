using System.Text.Json.Nodes;

namespace Intercept.Proxy.Protocol;

/// <summary>
/// The last writes to a Service that a participant has left, one at a time: its fence goes, and, where nobody intercepts the
/// Service any more, so does our name among the owners of its fields. Without that an owner's later server-side apply would
/// conflict with us for ever.
/// </summary>
internal static class ServiceCleanup
{
    /// <summary>The next write; null where all is done.</summary>
    /// <param name="live">The Service as it was just read.</param>
    /// <param name="participant">Who has left.</param>
    /// <param name="recorded">The managedFields from before the hijack, as the participant's Session has them.</param>
    public static JsonPatch? Next(LiveService live, Participant participant, JsonArray? recorded)
    {
        if (live.Fences.Contains(participant))
        {
            return ServicePatches.SetFences(live, [.. live.Fences.Where(fence => fence != participant)]);
        }

        return live.Annotation(ProtocolNames.Record) is null && live.Fences.Count == 0 && FieldOwnership.HasOurs(live.ManagedFields)
            ? ServicePatches.SetManagedFields(live, FieldOwnership.PutBack(live.ManagedFields, recorded ?? []))
            : null;
    }
}
