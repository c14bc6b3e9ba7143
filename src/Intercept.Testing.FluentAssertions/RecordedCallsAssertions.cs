using FluentAssertions;
using FluentAssertions.Collections;

namespace Intercept.Testing.FluentAssertions;

/// <summary>Assertions on recorded calls.</summary>
public sealed class RecordedCallsAssertions : GenericCollectionAssertions<IEnumerable<RecordedCall>, RecordedCall, RecordedCallsAssertions>
{
    private readonly IReadOnlyList<RecordedCall> _calls;

    internal RecordedCallsAssertions(IReadOnlyList<RecordedCall> calls)
        : base(calls)
    {
        _calls = calls;
    }

    /// <inheritdoc/>
    protected override string Identifier => "calls";

    /// <summary>At least one call to this path is among them, whatever its query. What follows narrows it down.</summary>
    /// <param name="path">The path, without query; upper and lower case count.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls HaveReceived(string path, string because = "", params object[] becauseArgs) =>
        ReceivedCalls.At(path, Identifier, _calls, dropped: 0, because, becauseArgs);

    /// <summary>There are no calls.</summary>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public AndConstraint<RecordedCallsAssertions> HaveReceivedNothing(string because = "", params object[] becauseArgs)
    {
        ReceivedCalls.AssertNone(Identifier, _calls, dropped: 0, because, becauseArgs);
        return new AndConstraint<RecordedCallsAssertions>(this);
    }
}
