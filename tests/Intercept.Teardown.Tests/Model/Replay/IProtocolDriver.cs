using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay;

/// <summary>Something that makes the model's steps for real.</summary>
internal interface IProtocolDriver : IAsyncDisposable
{
    /// <summary>Makes the step.</summary>
    /// <exception cref="InvalidOperationException">Here the step can't be made, or it ended in another way than the action says.</exception>
    Task ApplyAsync(ModelAction action, CancellationToken cancellationToken);

    /// <summary>What stands in the cluster now.</summary>
    Task<ClusterView> ReadStateAsync(CancellationToken cancellationToken);
}
