namespace Intercept.Proxy.Protocol;

/// <summary>What to do with one of our objects when a participant no longer needs it.</summary>
internal enum ClaimOutcome
{
    /// <summary>Nothing: others need it, or it is gone or going.</summary>
    Keep,

    /// <summary>Write the claims of the others.</summary>
    Update,

    /// <summary>Nobody needs it any more.</summary>
    Delete,
}

/// <summary>Takes a participant's claim off one of our objects; the last one takes the object along.</summary>
internal sealed class ClaimRelease(ClaimOutcome outcome, JsonPatch? patch)
{
    /// <summary>What to do.</summary>
    public ClaimOutcome Outcome => outcome;

    /// <summary>The write, for <see cref="ClaimOutcome.Update"/>.</summary>
    public JsonPatch? Patch => patch;

    /// <summary>Decides what to do.</summary>
    public static ClaimRelease Decide(LiveObject live, Participant participant)
    {
        var claims = live.Claims;
        Participant[] rest = [.. claims.Where(claim => claim != participant)];
        if (live.IsTerminating || (rest.Length > 0 && rest.Length == claims.Count))
        {
            return new ClaimRelease(ClaimOutcome.Keep, null);
        }

        return rest.Length == 0
            ? new ClaimRelease(ClaimOutcome.Delete, null)
            : new ClaimRelease(ClaimOutcome.Update, SetClaims(live, rest));
    }

    /// <summary>The write of who needs the object.</summary>
    public static JsonPatch SetClaims(LiveObject live, IEnumerable<Participant> claims) =>
        JsonPatch.For(live).SetAnnotation(live, ProtocolNames.Claims, ParticipantList.ToJson(claims));
}
