using System.Globalization;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>What was found.</summary>
/// <param name="Settings">What was explored.</param>
/// <param name="States">Different states; up to the violation, where there is one.</param>
/// <param name="Transitions">Steps between them.</param>
/// <param name="Broken">The invariant that the first bad state breaks.</param>
/// <param name="Counterexample">A shortest way to that state.</param>
internal sealed record ExplorationResult(ModelSettings Settings, int States, long Transitions, Invariant? Broken, ModelTrace? Counterexample)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Settings}: {States:N0} states, {Transitions:N0} transitions, ")
        + (Counterexample is null ? "no violation" : $"{Broken} broken in {Counterexample.Steps.Count} steps:{Environment.NewLine}{Counterexample}");
}
