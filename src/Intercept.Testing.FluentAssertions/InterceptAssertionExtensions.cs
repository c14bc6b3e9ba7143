namespace Intercept.Testing.FluentAssertions;

/// <summary><c>Should()</c> for intercept sessions and the calls they recorded.</summary>
public static class InterceptAssertionExtensions
{
    /// <summary>Assertions on what a session's target was sent so far. They don't wait: see <see cref="InterceptSession.WaitForCallAsync"/>.</summary>
    public static InterceptSessionAssertions Should(this InterceptSession session) => new(session);

    /// <summary>Assertions on recorded calls, besides those for any collection.</summary>
    public static RecordedCallsAssertions Should(this IReadOnlyList<RecordedCall> calls) => new(calls);
}
