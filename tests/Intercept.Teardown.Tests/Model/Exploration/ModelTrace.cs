using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>Steps from the beginning, each with the state after it.</summary>
internal sealed record ModelTrace(IReadOnlyList<Transition> Steps)
{
    /// <summary>The history in which these steps are made from the beginning.</summary>
    public static ModelTrace Of(ProtocolModel model, params ModelAction[] actions)
    {
        var steps = new List<Transition>();
        foreach (var action in actions)
        {
            var next = new List<Transition>();
            model.Add(steps.Count == 0 ? default : steps[^1].Next, next);
            steps.Add(next.First(transition => transition.Action == action));
        }

        return new ModelTrace(steps);
    }

    public override string ToString() =>
        string.Join(Environment.NewLine, Steps.Select((step, index) => $"{index + 1,3}. {step.Action}"));
}
