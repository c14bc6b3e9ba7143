namespace Intercept.Engine.Guarding;

/// <summary>
/// The layers that clean up after a process that ended without closing its intercepts. All are at work by default; a test
/// switches off all but the one that it proves.
/// </summary>
internal sealed record InterceptLayers
{
    /// <summary>L1: this process closes its intercepts when a signal, an unhandled exception or its own exit ends it.</summary>
    public bool Signals { get; init; } = true;

    /// <summary>L2: a process of its own closes them when this one is killed.</summary>
    public bool Watchdog { get; init; } = true;

    /// <summary>L3: the proxy pod closes them when nobody is left on this host.</summary>
    public bool Reaper { get; init; } = true;

    /// <summary>L4: an opening closes what ended processes left.</summary>
    public bool Sweep { get; init; } = true;

    /// <summary>None: only what disposal closes is closed.</summary>
    public static InterceptLayers None { get; } = new() { Signals = false, Watchdog = false, Reaper = false, Sweep = false };
}
