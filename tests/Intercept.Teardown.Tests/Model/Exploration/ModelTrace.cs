using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>Steps from the beginning, each with the state after it.</summary>
internal sealed record ModelTrace(IReadOnlyList<Transition> Steps)
{
    public override string ToString() =>
        string.Join(Environment.NewLine, Steps.Select((step, index) => $"{index + 1,3}. {step.Action}"));
}
