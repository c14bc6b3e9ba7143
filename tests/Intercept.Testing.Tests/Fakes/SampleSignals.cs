using System.Threading.Channels;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>What a test and the sample application tell each other.</summary>
internal sealed class SampleSignals
{
    public Channel<string> Events { get; } = Channel.CreateUnbounded<string>();

    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Continue { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<string> AfterReset { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
