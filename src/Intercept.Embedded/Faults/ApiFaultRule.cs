namespace Intercept.Embedded.Faults;

/// <summary>What happens to which calls, and how often.</summary>
/// <param name="Fault">What happens.</param>
public sealed record ApiFaultRule(ApiFault Fault)
{
    /// <summary>Which calls it happens to. The default is all that the fault can happen to.</summary>
    public ApiCallFilter Calls { get; init; } = new();

    /// <summary>How many of these calls pass unharmed first. The default is 0; 2 means that the third call is the first to be hit.</summary>
    public int Skip { get; init; }

    /// <summary>How many are hit then. The default is null: every one, until the rule is taken away.</summary>
    public int? Times { get; init; }
}
