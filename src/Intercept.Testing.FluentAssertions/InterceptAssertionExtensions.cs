namespace Intercept.Testing.FluentAssertions;

/// <summary><c>Should()</c> for intercept sessions, the calls they recorded, and clusters.</summary>
public static class InterceptAssertionExtensions
{
    /// <summary>Assertions on what a session's target was sent so far. They don't wait: see <see cref="InterceptSession.WaitForCallAsync"/>.</summary>
    public static InterceptSessionAssertions Should(this InterceptSession session) => new(session);

    /// <summary>Assertions on what intercepts have left in a cluster.</summary>
    public static InterceptClusterAssertions Should(this InterceptCluster cluster) => new(cluster);

    /// <summary>Assertions on recorded calls, besides those for any collection.</summary>
    public static RecordedCallsAssertions Should(this IReadOnlyList<RecordedCall> calls) => new(calls);
}
