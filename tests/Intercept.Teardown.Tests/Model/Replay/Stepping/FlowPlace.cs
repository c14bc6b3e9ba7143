using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>
/// Where in the protocol one flow of calls stands: which step of the model its next call belongs to. Each flow is sequential,
/// so what a call is about, and what came before it, tell.
/// </summary>
internal sealed class FlowPlace(bool isClosing)
{
    private Step _last = isClosing ? Step.MarkSession : Step.CreateSession;
    private bool _isClosing = isClosing;

    /// <summary>The proxy or the decoy was found to be gone: what follows prepares them anew.</summary>
    public void BeginAnew() => _last = Step.FindClaimsGone;

    /// <summary>Whether what is read of the own Session belongs to the last look before the hijack.</summary>
    public bool Verifies => !_isClosing && _last is Step.ReadService or Step.VerifySessionAndClaims;

    /// <summary>Its process begins to close: where the Session is gone there is no mark that would tell.</summary>
    public void BeginClosing() => (_isClosing, _last) = (true, Step.MarkSession);

    /// <summary>The step that a call belongs to.</summary>
    public Step Of(CallVerb verb, CallSubject subject)
    {
        // Who has looked at its Session writes the Service next; who reads it again without a write has given up.
        _isClosing |= verb == CallVerb.Mark || (_last == Step.VerifySessionAndClaims && (subject, verb) == (CallSubject.Service, CallVerb.Read));
        return _last = _isClosing ? Closing(verb, subject) : Opening(verb, subject);
    }

    private Step Opening(CallVerb verb, CallSubject subject)
    {
        return (subject, verb) switch
        {
            (CallSubject.Session or CallSubject.Proxy or CallSubject.Decoy, CallVerb.Read) when Verifies => Step.VerifySessionAndClaims,
            (CallSubject.Proxy, _) => Step.EnsureDeployment,
            (CallSubject.Decoy, _) => Step.EnsureDecoy,
            (CallSubject.Service, CallVerb.Read) when _last != Step.CreateSession => Step.ReadService,
            (CallSubject.Service, CallVerb.Write) => Step.Hijack,
            _ => _last,
        };
    }

    private Step Closing(CallVerb verb, CallSubject subject)
    {
        var isOff = _last is Step.DropDeployment or Step.DropDecoy or Step.Unfence or Step.DeleteSession;
        return (subject, verb) switch
        {
            (_, CallVerb.Mark) => Step.MarkSession,
            (CallSubject.Service, _) when isOff => Step.Unfence,
            (CallSubject.Service, CallVerb.Read) => Step.ReadForClosing,
            (CallSubject.Service, _) => Step.Leave,
            (CallSubject.Proxy, _) => Step.DropDeployment,
            (CallSubject.Decoy, _) => Step.DropDecoy,
            (CallSubject.Session, _) when _last is Step.Unfence => Step.DeleteSession,
            _ => _last,
        };
    }
}
