namespace Intercept.Teardown.Tests.Model;

/// <summary>Deliberate mistakes in the protocol. A model that finds none of them would prove nothing.</summary>
[Flags]
public enum Mistakes
{
    None = 0,

    /// <summary>Recovery looks at Sessions only, not at who is named by records and claims.</summary>
    NoRecordOnService = 1,

    /// <summary>Whoever closes deletes Deployment and decoy, without asking who else needs them.</summary>
    NoClaims = 1 << 1,

    /// <summary>A suspect is closed without a fence on the Service.</summary>
    NoFence = 1 << 2,

    /// <summary>Whether one is the last is taken from an earlier listing of Sessions, not from the object that is written.</summary>
    LastOutByListing = 1 << 3,

    /// <summary>Deployment and decoy go before the Service is restored.</summary>
    ResidueFirst = 1 << 4,

    /// <summary>The engine does not look at its Session and claims again between reading the Service and hijacking it.</summary>
    NoSessionRecheck = 1 << 5,

    /// <summary>Restored is what the record says, whatever somebody else changed meanwhile.</summary>
    IgnoreDrift = 1 << 6,

    /// <summary>The Session goes first instead of last: who owned the Service's fields is forgotten before they are given back.</summary>
    SessionFirst = 1 << 7,

    /// <summary>Nobody repairs a mixed selector.</summary>
    NoGuard = 1 << 8,

    /// <summary>The Service is hijacked before Deployment and decoy are there.</summary>
    HijackBeforeReady = 1 << 9,

    /// <summary>The decoy goes before the Service is restored.</summary>
    DecoyFirst = 1 << 10,

    /// <summary>The hijack is written whatever happened to the Service since it was read.</summary>
    HijackWithoutCompare = 1 << 11,

    /// <summary>Leaving writes back the participants that were read earlier.</summary>
    LeaveWithoutCompare = 1 << 12,

    /// <summary>The joiner's record names only the joiner.</summary>
    JoinReplacesParticipants = 1 << 13,

    /// <summary>The guard puts the hijack back, but keeps the original that it knew.</summary>
    GuardForgetsDrift = 1 << 14,

    /// <summary>Recovery does not look at who is named by claims.</summary>
    ClaimsNotSwept = 1 << 15,

    /// <summary>The fence stays on the Service.</summary>
    FenceForgotten = 1 << 16,

    /// <summary>The reaper deletes its Deployment, whoever else needs it.</summary>
    ReaperIgnoresClaims = 1 << 17,

    /// <summary>Restoring leaves the record on the Service.</summary>
    RecordForgotten = 1 << 18,

    /// <summary>The fence goes before the claims are dropped.</summary>
    FenceGoesEarly = 1 << 19,

    /// <summary>The Session is not marked before the closing.</summary>
    NoMark = 1 << 20,
}
