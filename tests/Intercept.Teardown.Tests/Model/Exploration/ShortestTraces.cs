using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Exploration;

/// <summary>Shortest histories that together show everything of a kind.</summary>
internal static class ShortestTraces
{
    /// <summary>For each kind of step, a shortest history that ends with one.</summary>
    /// <param name="model">The protocol.</param>
    /// <param name="kindOf">The kind of a step, from the state before it and the step; null for a step that is of no interest.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <param name="nearest">How many states to look at, at most.</param>
    public static IEnumerable<ModelTrace> ToEach<TKind>(
        ProtocolModel model,
        Func<ModelState, Transition, TKind?> kindOf,
        CancellationToken cancellationToken,
        int nearest = int.MaxValue)
        where TKind : struct
    {
        var explorer = new Explorer(model);
        var first = new Dictionary<TKind, (int From, Transition Step)>();
        explorer.Run(
            (from, step) =>
            {
                if (kindOf(explorer.States[from], step) is { } kind)
                {
                    first.TryAdd(kind, (from, step));
                }
            },
            cancellationToken,
            nearest);

        return first.Values.Select(end => new ModelTrace([.. explorer.TraceTo(end.From).Steps, end.Step]));
    }

    /// <summary>For each action in each condition of the cluster, a shortest history that ends with it.</summary>
    public static IEnumerable<ModelTrace> ToEachActionInEachCluster(ProtocolModel model, CancellationToken cancellationToken) =>
        ToEach<(ModelAction, ClusterView)>(model, (before, step) => (step.Action, ClusterView.Of(before)), cancellationToken);

    /// <summary>For each action, and each place where the other engine can stand meanwhile, a shortest history that ends with it.</summary>
    public static IEnumerable<ModelTrace> ToEachActionBesideEachProgress(ProtocolModel model, CancellationToken cancellationToken) =>
        ToEach<(ModelAction, Progress, Progress)>(
            model,
            (before, step) => (step.Action, before.EngineOfA.Progress, before.EngineOfB.Progress),
            cancellationToken);
}
