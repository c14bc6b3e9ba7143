namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>What a call of the API is about.</summary>
internal enum CallSubject
{
    /// <summary>Nothing that the model knows: the call belongs to the step that is being made.</summary>
    Other,
    Session,

    /// <summary>The intercepted Service, whole.</summary>
    Service,

    /// <summary>Deployment or ConfigMap of the proxy.</summary>
    Proxy,
    Decoy,
}
