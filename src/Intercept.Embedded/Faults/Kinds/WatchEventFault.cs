namespace Intercept.Embedded.Faults.Kinds;

/// <summary>Concerns the events of watches, also of those that run already; it does nothing to the call.</summary>
internal sealed record WatchEventFault(WatchEventFate Fate) : ApiFault
{
    internal override bool Concerns(ApiCall call) => false;

    internal override Task ApplyAsync(FaultedCall call) => call.GoOnAsync();
}

/// <summary>What becomes of an event of a watch.</summary>
internal enum WatchEventFate
{
    Sent,
    Dropped,
    Doubled,
    Ended,
}
