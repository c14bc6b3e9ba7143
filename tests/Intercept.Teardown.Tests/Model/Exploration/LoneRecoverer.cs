using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>Both engines die where they stand, and one recoverer goes on alone: it must come to an end, with nothing left.</summary>
internal sealed class LoneRecoverer(ProtocolModel model, Actor recoverer)
{
    private const int LongestRecovery = 64;

    private readonly StateSet recovered = new();
    private readonly List<Transition> path = [];
    private readonly List<Transition> next = [];

    /// <summary>States on the ways of recovery, each counted once.</summary>
    public int States => recovered.Count;

    /// <summary>The way that does not lead to a restored Service without residue; null where it does.</summary>
    public ModelTrace? FailureFrom(ModelState state)
    {
        path.Clear();
        var start = Crashed(Crashed(state, Holders.A), Holders.B);
        for (var at = start; !recovered.Contains(at); at = path[^1].Next)
        {
            next.Clear();
            model.Add(at, next);
            var step = next.FindIndex(transition => transition.Action.Actor == recoverer && transition.Action.Step != Step.Crash);
            if (step < 0 && Invariants.IsRestored(at))
            {
                break;
            }

            if (step < 0 || path.Count == LongestRecovery)
            {
                return new ModelTrace([.. path]);
            }

            path.Add(next[step]);
        }

        recovered.Add(start, -1);
        path.ForEach(transition => recovered.Add(transition.Next, -1));
        return null;
    }

    private static ModelState Crashed(ModelState state, Holders holder) => (state.Done & holder) != 0
        ? state
        : (state with { Crashed = state.Crashed | holder }).With(holder, new EngineState(Progress.Crashed, false, Holders.None));
}
