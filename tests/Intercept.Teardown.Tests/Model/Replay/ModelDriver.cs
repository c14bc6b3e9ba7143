using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay;

/// <summary>A model as the driven thing: shows that a replay notices when the driven thing has another protocol.</summary>
internal sealed class ModelDriver(ProtocolModel model) : IProtocolDriver
{
    private readonly List<Transition> _next = [];
    private ModelState _state;

    public Task ApplyAsync(ModelAction action, CancellationToken cancellationToken)
    {
        _next.Clear();
        model.Add(_state, _next);
        var index = _next.FindIndex(transition => transition.Action == action);
        if (index < 0)
        {
            throw new InvalidOperationException($"{action} is not possible here; possible are: {string.Join(", ", _next.Select(step => step.Action))}.");
        }

        _state = _next[index].Next;
        return Task.CompletedTask;
    }

    public Task<ClusterView> ReadStateAsync(CancellationToken cancellationToken) => Task.FromResult(ClusterView.Of(_state));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
