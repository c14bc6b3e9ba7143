using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>Goes through every state that the protocol can reach, nearest first.</summary>
internal sealed class Explorer(ProtocolModel model)
{
    private readonly StateSet _found = new();
    private readonly List<Transition> _next = [];

    /// <summary>The states that were found, nearest first.</summary>
    public StateSet States => _found;

    /// <summary>Explores until an invariant is broken, or everything has been seen.</summary>
    /// <param name="onTransition">Is told of every step, with the place of the state that it starts from.</param>
    /// <param name="cancellationToken">Ends the exploration.</param>
    /// <param name="nearest">How many states to look at, at most.</param>
    public ExplorationResult Run(Action<int, Transition>? onTransition, CancellationToken cancellationToken, int nearest = int.MaxValue)
    {
        var transitions = 0L;
        _found.Add(default, -1);
        for (var index = 0; index < _found.Count && index < nearest; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (model.Invariants.BrokenBy(_found[index]) is { } broken)
            {
                return new ExplorationResult(model.Settings, _found.Count, transitions, broken, TraceTo(index));
            }

            _next.Clear();
            model.Add(_found[index], _next);
            transitions += _next.Count;
            foreach (var transition in _next)
            {
                _found.Add(transition.Next, index);
                onTransition?.Invoke(index, transition);
            }
        }

        return new ExplorationResult(model.Settings, _found.Count, transitions, null, null);
    }

    /// <summary>A shortest way to a state that was found. The steps are not kept: which one it was is found again.</summary>
    public ModelTrace TraceTo(int index)
    {
        var steps = new List<Transition>();
        for (; _found.ParentOf(index) is var parent && parent >= 0; index = parent)
        {
            var alternatives = new List<Transition>();
            model.Add(_found[parent], alternatives);
            steps.Add(alternatives.First(transition => transition.Next == _found[index]));
        }

        steps.Reverse();
        return new ModelTrace(steps);
    }
}
