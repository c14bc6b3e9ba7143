namespace Intercept.Simulation.Tests.Calls;

/// <summary>Who closes what a process has left.</summary>
internal enum Recoverer
{
    /// <summary>The process itself: it goes on after an error; one that is told to end undoes or closes first.</summary>
    Itself,

    /// <summary>Its watchdog.</summary>
    Watchdog,

    /// <summary>The reaper in the proxy's pod, and nobody else.</summary>
    Reaper,

    /// <summary>The next one to open an intercept there.</summary>
    NextOpening,
}
