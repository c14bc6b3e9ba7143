namespace Intercept.Teardown.Tests.Loads;

/// <summary>What a Service is at a moment, as far as whoever opens and closes the intercept has announced it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Cycle">In which cycle.</param>
internal sealed record Phase(PhaseKind Kind, int Cycle);

internal enum PhaseKind
{
    /// <summary>No intercept: all requests belong to the original.</summary>
    Original,

    /// <summary>An intercept is being opened or closed: a marked request may be answered by either.</summary>
    Switching,

    /// <summary>An intercept is open: marked requests belong to the test process.</summary>
    Intercepted,
}
