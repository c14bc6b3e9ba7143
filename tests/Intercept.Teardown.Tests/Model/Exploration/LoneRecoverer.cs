using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>Both engines die where they stand, and one recoverer goes on alone: it must come to an end, with nothing left.</summary>
internal sealed class LoneRecoverer(ProtocolModel model, Actor recoverer)
{
    private const int LongestRecovery = 64;

    private readonly StateSet _recovered = new();
    private readonly List<Transition> _path = [];
    private readonly List<Transition> _next = [];

    /// <summary>States on the ways of recovery, each counted once.</summary>
    public int States => _recovered.Count;

    /// <summary>The way that does not lead to a restored Service without residue; null where it does.</summary>
    public ModelTrace? FailureFrom(ModelState state)
    {
        _path.Clear();
        var start = Crashed(Crashed(state, Holders.A), Holders.B);
        for (var at = start; !_recovered.Contains(at); at = _path[^1].Next)
        {
            _next.Clear();
            model.Add(at, _next);
            var step = _next.FindIndex(transition => transition.Action.Actor == recoverer && transition.Action.Step != Step.Crash);
            if (step < 0 && Invariants.IsRestored(at))
            {
                break;
            }

            if (step < 0 || _path.Count == LongestRecovery)
            {
                return new ModelTrace([.. _path]);
            }

            _path.Add(_next[step]);
        }

        _recovered.Add(start, -1);
        _path.ForEach(transition => _recovered.Add(transition.Next, -1));
        return null;
    }

    private static ModelState Crashed(ModelState state, Holders holder) => (state.Done & holder) != 0
        ? state
        : (state with { Crashed = state.Crashed | holder }).With(holder, new EngineState(Progress.Crashed, false, Holders.None));
}
