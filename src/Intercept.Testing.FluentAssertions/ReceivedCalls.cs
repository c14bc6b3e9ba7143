using System.Text.Json;
using FluentAssertions.Execution;
using Intercept.Testing.Recording;

namespace Intercept.Testing.FluentAssertions;

/// <summary>The calls that fit all that was said so far; each further statement leaves those that fit it too, and fails where none is left.</summary>
public sealed class ReceivedCalls
{
    private readonly string _subject;
    private readonly string _description;
    private readonly IReadOnlyList<RecordedCall> _all;
    private readonly int _dropped;

    private ReceivedCalls(string subject, string description, IReadOnlyList<RecordedCall> all, int dropped, IReadOnlyList<RecordedCall> calls)
    {
        (_subject, _description, _all, _dropped, Calls) = (subject, description, all, dropped, calls);
    }

    /// <summary>The calls that fit, in order of arrival.</summary>
    public IReadOnlyList<RecordedCall> Calls { get; }

    /// <summary>Of the calls, at least one has this method.</summary>
    /// <param name="method">The method, for example <c>POST</c>.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls WithMethod(string method, string because = "", params object[] becauseArgs) =>
        Narrow($"with method {method}", call => string.Equals(call.Method, method, StringComparison.OrdinalIgnoreCase), because, becauseArgs);

    /// <summary>Of the calls, at least one has this header with exactly this value.</summary>
    /// <param name="name">The header's name, in any case.</param>
    /// <param name="value">The value; several lines of one header are joined with a comma.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls WithHeader(string name, string value, string because = "", params object[] becauseArgs) =>
        Narrow($"with header {name}: {value}", call => call.GetHeader(name) == value, because, becauseArgs);

    /// <summary>Of the calls, at least one has a body that is the same JSON; order of properties and white space don't count.</summary>
    /// <param name="expected">An object that serialises to the JSON, or a string that is JSON.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls WithJsonBody(object expected, string because = "", params object[] becauseArgs)
    {
        var json = expected is string text
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : JsonSerializer.SerializeToElement(expected, expected.GetType(), JsonSerializerOptions.Web);
        return Narrow($"with JSON body {json}", call => HasBody(call, json), because, becauseArgs);
    }

    /// <summary>Exactly one call fits.</summary>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls Once(string because = "", params object[] becauseArgs) => Times(1, because, becauseArgs);

    /// <summary>Exactly so many calls fit.</summary>
    /// <param name="count">How many.</param>
    /// <param name="because">Why, for the message.</param>
    /// <param name="becauseArgs">What fills the placeholders of <paramref name="because"/>.</param>
    public ReceivedCalls Times(int count, string because = "", params object[] becauseArgs)
    {
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(Calls.Count == count).FailWith(
            "{0} should have received {1} " + (count == 1 ? "call" : "calls") + " {2}{reason}, but received {3}. {4}",
            Verbatim(_subject), count, Verbatim(_description), Calls.Count, Verbatim(WhatArrived(_all, _dropped)));
        return this;
    }

    internal static ReceivedCalls At(
        string path, string subject, IReadOnlyList<RecordedCall> all, int dropped, string because, object[] becauseArgs) =>
        new ReceivedCalls(subject, string.Empty, all, dropped, all)
            .Narrow($"to {path}", call => call.Path == path, because, becauseArgs);

    internal static void AssertNone(string subject, IReadOnlyList<RecordedCall> all, int dropped, string because, object[] becauseArgs) =>
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(all.Count + dropped == 0).FailWith(
            "{0} should have received nothing{reason}. {1}", Verbatim(subject), Verbatim(WhatArrived(all, dropped)));

    private static bool HasBody(RecordedCall call, JsonElement expected)
    {
        if (call.BodyTruncated)
        {
            return false;
        }

        try
        {
            return JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(call.Body.Span), expected);
        }
        catch (JsonException)
        {
            // No JSON is not the JSON that is meant.
            return false;
        }
    }

    private static string WhatArrived(IReadOnlyList<RecordedCall> calls, int dropped) =>
        calls.Count == 0 ? "No call has arrived." : $"These have arrived:{Environment.NewLine}{CallTable.Format(calls, dropped)}";

    private ReceivedCalls Narrow(string what, Func<RecordedCall, bool> fits, string because, object[] becauseArgs)
    {
        var description = $"{_description} {what}".TrimStart();
        var left = Calls.Where(fits).ToList();

        // What fitted everything up to now missed by this statement alone; the latest is the likeliest to be meant.
        var miss = Calls.Count == 0 || _description.Length == 0
            ? string.Empty
            : $"{Environment.NewLine}The nearest miss, which does not fit '{what}':{Environment.NewLine}{CallTable.Describe(Calls[^1])}";
        Execute.Assertion.BecauseOf(because, becauseArgs).ForCondition(left.Count > 0).FailWith(
            "{0} should have received a call {1}{reason}, but did not. {2}",
            Verbatim(_subject), Verbatim(description), Verbatim(WhatArrived(_all, _dropped) + miss));
        return new ReceivedCalls(_subject, description, _all, _dropped, left);
    }

    private static VerbatimText Verbatim(string text) => new(text);
}
