using Intercept.Engine.Tests.Worlds;

namespace Intercept.Engine.Tests.Opening;

/// <summary>Whatever call of an opening fails or is cancelled, the cluster is afterwards as it was before.</summary>
public sealed class FailureAtEachStepTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_fails_leaves_nothing() => await FailEachCallAsync(Fault.BeforeItIsApplied);

    [Fact]
    public async Task A_call_whose_answer_is_lost_leaves_nothing() => await FailEachCallAsync(Fault.AfterItWasApplied);

    [Fact]
    public async Task A_cancellation_at_any_step_leaves_nothing()
    {
        var steps = await CountStepsAsync();
        var before = await world.SnapshotAsync();
        for (var step = 1; step <= steps; step++)
        {
            using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var progress = new CancellingProgress(cancellation, step);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => world.CreateEngine().OpenAsync(EngineWorld.Plan("x"), progress, cancellation.Token));

            Assert.Equal(before, await world.SnapshotAsync());
        }
    }

    private async Task FailEachCallAsync(Fault fault)
    {
        var calls = await CountCallsAsync();
        Assert.InRange(calls, 15, 100);
        var before = await world.SnapshotAsync();
        var failed = 0;
        for (var call = 1; call <= calls; call++)
        {
            FaultyApi? faulty = null;
            try
            {
                await using var interception = await world
                    .CreateEngine(api => faulty = new FaultyApi(api, call, fault)).OpenAsync(EngineWorld.Plan("x"), null, Token);

                // It took fewer calls than the counted one; a failing call of its close is another test's.
                faulty!.Disarm();
            }
            catch (InterceptException exception)
            {
                Assert.Contains("injected by the test", exception.Message, StringComparison.Ordinal);
                Assert.Contains("Nothing of it is left in the cluster", exception.Message, StringComparison.Ordinal);
                failed++;
            }

            Assert.Equal(before, await world.SnapshotAsync());
        }

        // The calls of the heartbeat and of the watch on the Service stand among those of the opening, and fail without it.
        Assert.InRange(failed, calls * 2 / 3, calls);
    }

    /// <summary>How many calls an opening makes where nothing fails.</summary>
    private async Task<int> CountCallsAsync()
    {
        // The first opening on a cluster also installs the Session's definition.
        await CountStepsAsync();
        FaultyApi? counter = null;
        await using var interception = await world
            .CreateEngine(api => counter = new FaultyApi(api, failingCall: -1, Fault.BeforeItIsApplied))
            .OpenAsync(EngineWorld.Plan("x"), null, Token);
        return counter!.Calls;
    }

    private async Task<int> CountStepsAsync()
    {
        await using var interception = await world.CreateEngine().OpenAsync(EngineWorld.Plan("x"), null, Token);
        // The last step is the intercept's being open: nothing is left to cancel.
        return interception.Timeline.Count - 1;
    }

    private sealed class CancellingProgress(CancellationTokenSource cancellation, int atStep) : IProgress<InterceptStep>
    {
        private int _steps;

        public void Report(InterceptStep value)
        {
            if (Interlocked.Increment(ref _steps) == atStep)
            {
                cancellation.Cancel();
            }
        }
    }
}
