using System.Collections.Concurrent;
using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay;

/// <summary>The engine and the model do the same: step by step, in the same cluster.</summary>
public sealed class EngineReplayTests(ReplayWorld world, ITestOutputHelper output) : IClassFixture<ReplayWorld>
{
    private const int UsualWalks = 20;
    private const int WalksOfSoak = 2_000;

    // Each kind of step shows up among the nearest of these.
    private const int NearestStates = 200_000;

    /// <summary>Steps that only a mistake in the protocol makes possible.</summary>
    private static readonly Step[] Unreachable = [Step.SkipAhead, Step.FindClaimsGone];

    private static readonly ModelSettings Everything = new(ThirdPartyEdits: 1, Suspicions: 1, SweeperCrashes: 1, ReaperDeploymentLast: true);

    private static int Walks => int.TryParse(Environment.GetEnvironmentVariable("INTERCEPT_TRACES"), out var asked)
        ? asked
        : Soak.IsAsked ? WalksOfSoak : UsualWalks;

    [Fact]
    public async Task The_engine_makes_each_kind_of_step_as_the_model_does()
    {
        var model = new ProtocolModel(Everything);
        var traces = ShortestTraces.ToEach<(Actor, Step)>(
            model, (_, step) => (step.Action.Actor, step.Action.Step), TestContext.Current.CancellationToken, NearestStates).ToList();

        await ReplayAsync(traces);

        var made = traces.SelectMany(trace => trace.Steps).Select(step => step.Action.Step).ToHashSet();
        Assert.Equal(Enum.GetValues<Step>().Except(Unreachable), made.Order());
    }

    [Fact]
    public async Task The_engine_follows_random_walks_of_the_model_to_their_end()
    {
        var model = new ProtocolModel(Everything);

        await ReplayAsync([.. Enumerable.Range(0, Walks).Select(seed => RandomWalk.Take(model, seed))]);
    }

    [Fact]
    public async Task The_engine_makes_each_step_in_each_condition_of_the_cluster_as_the_model_does()
    {
        var model = new ProtocolModel(new ModelSettings(ReaperDeploymentLast: true));

        // Thousands of them: the nearest ones in each run, all with INTERCEPT_SOAK=1.
        await ReplayAsync([.. ShortestTraces.ToEachActionInEachCluster(model, TestContext.Current.CancellationToken).Take(Soak.IsAsked ? int.MaxValue : UsualWalks)]);
    }

    /// <summary>A random walk has found it once: a Session of the same name between the read and the write of a mark.</summary>
    [Fact]
    public async Task A_mark_that_comes_when_another_has_taken_the_name_over_hits_nobody()
    {
        var model = new ProtocolModel(Everything);

        await ReplayAsync(
        [
            ModelTrace.Of(
                model,
                new ModelAction(Actor.A, Step.CreateSession, Holders.A),
                new ModelAction(Actor.A, Step.Crash, Holders.A),
                new ModelAction(Actor.Sweeper, Step.StartClosing, Holders.A),
                new ModelAction(Actor.ThirdParty, Step.DeleteSessionOfA, Holders.A),
                new ModelAction(Actor.B, Step.CreateSession, Holders.B),
                new ModelAction(Actor.Sweeper, Step.MarkSession, Holders.A)),
        ]);
    }

    private async Task ReplayAsync(List<ModelTrace> traces)
    {
        var steps = 0;
        var differences = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(traces, TestContext.Current.CancellationToken, async (trace, token) =>
        {
            await using var driver = await EngineDriver.CreateAsync(world, token);
            if (await TraceReplay.FirstDifferenceAsync(trace, driver, token) is { } difference)
            {
                differences.Add(difference);
            }

            Interlocked.Add(ref steps, trace.Steps.Count);
        });

        output.WriteLine($"{traces.Count} traces, {steps} steps, {differences.Count} differences");
        Assert.True(differences.IsEmpty, string.Join('\n', differences.OrderBy(difference => difference.Length).Take(3)));
    }
}
