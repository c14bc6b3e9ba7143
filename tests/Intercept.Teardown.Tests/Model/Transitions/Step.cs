namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>One atomic call of the API, or an event between two of them.</summary>
internal enum Step : byte
{
    CreateSession,
    EnsureDeployment,
    EnsureDecoy,

    /// <summary>The same, and then the own Session is found marked: on to closing.</summary>
    EnsureDecoyAndFindMark,

    /// <summary>Only a mistake does that: on to the hijack without Deployment and decoy.</summary>
    SkipAhead,
    ReadService,

    /// <summary>The own fence stands on the Service that was read: on to closing.</summary>
    FindFence,

    /// <summary>The own Session is gone or marked: on to closing.</summary>
    FindSessionFenced,

    /// <summary>The own claims are gone: back to the Deployment.</summary>
    FindClaimsGone,
    VerifySessionAndClaims,

    /// <summary>The compare-and-swap fails: back to reading.</summary>
    HijackConflicts,
    Hijack,

    /// <summary>The same, and then the own Session is found marked: on to closing.</summary>
    HijackAndFindMark,
    NoticeClosed,

    /// <summary>Somebody took the record away, and another has hijacked since: back into the record.</summary>
    Rejoin,
    StartClosing,

    MarkSession,
    ReadForClosing,

    /// <summary>Out of the record; as the last, restore; where not in the record, fence (somebody else's closing only).</summary>
    Leave,
    DropDeployment,
    DropDecoy,

    /// <summary>The fence goes; where nobody is left on the Service, so does our name among the owners of its fields.</summary>
    Unfence,
    DeleteSession,

    Crash,
    BecomeSuspected,
    DieWithDeployment,

    /// <summary>The hijack is put back, and what the third party wants becomes the original.</summary>
    AdoptDrift,

    /// <summary>kubectl apply of an unchanged manifest.</summary>
    ApplyUnchanged,

    /// <summary>kubectl apply with another selector.</summary>
    ApplyNewSelector,

    /// <summary>kubectl replace: the annotations go.</summary>
    Replace,
    EditSelector,
    DeleteSessionOfA,
}
