using FluentAssertions;
using FluentAssertions.Primitives;

namespace Intercept.Testing.FluentAssertions;

/// <summary>Assertions on what a session's target was sent so far.</summary>
public sealed class InterceptSessionAssertions : ReferenceTypeAssertions<InterceptSession, InterceptSessionAssertions>
{
    internal InterceptSessionAssertions(InterceptSession session)
        : base(session)
    {
    }

    /// <inheritdoc/>
    protected override string Identifier => "session";

    /// <summary>At least one call to this path has come, whatever its query. What follows narrows it down.</summary>
    /// <param name="path">The path, without query; upper and lower case count.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls HaveReceived(string path, string because = "", params object[] becauseArgs) =>
        ReceivedCalls.At(path, Name, Subject.Calls, Subject.DroppedCalls, because, becauseArgs);

    /// <summary>No call at all has come so far.</summary>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public AndConstraint<InterceptSessionAssertions> HaveReceivedNothing(string because = "", params object[] becauseArgs)
    {
        ReceivedCalls.AssertNone(Name, Subject.Calls, Subject.DroppedCalls, because, becauseArgs);
        return new AndConstraint<InterceptSessionAssertions>(this);
    }

    private string Name => $"session on {Subject.Service} with {Subject.Header}";
}
