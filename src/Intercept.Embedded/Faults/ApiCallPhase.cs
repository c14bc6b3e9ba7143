namespace Intercept.Embedded.Faults;

/// <summary>On which side of the call's effect a fault happens.</summary>
public enum ApiCallPhase
{
    /// <summary>The server has done nothing yet.</summary>
    Before,

    /// <summary>
    /// The server has done what was asked, and its answer is ready. Watches, port-forwards and logs have no such moment, and
    /// are passed over by a fault that waits for it.
    /// </summary>
    After,
}
