namespace Intercept.Proxy.Protocol;

/// <summary>What came of leaving a Service.</summary>
internal enum Departure
{
    /// <summary>It was the last one: the Service is as it was.</summary>
    Restored,

    /// <summary>Others still intercept the Service.</summary>
    OthersStay,

    /// <summary>Others intercept the Service; this one had not entered, or somebody took it off before.</summary>
    WasNotIn,

    /// <summary>Nobody intercepts the Service, any more or yet: also where the answer to the restore was lost.</summary>
    NotHijacked,

    /// <summary>The Service, or that one of this uid, is gone.</summary>
    ServiceGone,
}

/// <summary>Takes a participant off a Service; the write that takes the last one off restores it.</summary>
internal sealed class ServiceDeparture(Departure outcome, JsonPatch? patch)
{
    /// <summary>What the write brings about.</summary>
    public Departure Outcome => outcome;

    /// <summary>The write; null where there is nothing to write.</summary>
    public JsonPatch? Patch => patch;

    /// <summary>Decides what to write.</summary>
    /// <param name="live">The Service as it was just read.</param>
    /// <param name="participant">Who leaves.</param>
    /// <param name="byOther">
    /// Whether somebody else than the participant's own process asks. The process may live after all and be about to enter:
    /// a fence on the Service then stops it.
    /// </param>
    /// <exception cref="UnreadableRecordException">The Service's record can't be understood.</exception>
    public static ServiceDeparture Decide(LiveService live, Participant participant, bool byOther)
    {
        if (live.Record is { } record && record.Participants.Contains(participant))
        {
            var rest = record.Without(participant);
            return rest.Participants.Count == 0
                ? new ServiceDeparture(Departure.Restored, ServicePatches.Restore(live, record))
                : new ServiceDeparture(Departure.OthersStay, ServicePatches.UpdateRecord(live, rest));
        }

        return new ServiceDeparture(
            live.Record is null ? Departure.NotHijacked : Departure.WasNotIn,
            byOther && !live.Fences.Contains(participant) ? ServicePatches.SetFences(live, [.. live.Fences, participant]) : null);
    }
}
