using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay;

public sealed class TraceTests(ITestOutputHelper output)
{
    private static readonly ModelSettings Everything = new(ThirdPartyEdits: 1, Suspicions: 1, SweeperCrashes: 1, ReaperDeploymentLast: true);

    [Fact]
    public void Random_walks_end_with_a_restored_Service_and_nothing_left()
    {
        var model = new ProtocolModel(Everything);
        var steps = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var trace = RandomWalk.Take(model, seed);

            Assert.All(trace.Steps, step => Assert.Null(model.Invariants.BrokenBy(step.Next)));
            Assert.True(Invariants.IsRestored(trace.Steps[^1].Next), $"Seed {seed}:{Environment.NewLine}{trace}");
            steps += trace.Steps.Count;
        }

        output.WriteLine($"{steps} steps");
    }

    [Fact]
    public void A_seed_gives_the_same_walk_again()
    {
        var model = new ProtocolModel(Everything);

        Assert.Equal(RandomWalk.Take(model, 7).Steps, RandomWalk.Take(model, 7).Steps);
        Assert.NotEqual(RandomWalk.Take(model, 7).Steps, RandomWalk.Take(model, 8).Steps);
    }

    [Fact]
    public void Shortest_traces_show_each_action_beside_each_progress_of_the_other()
    {
        var model = new ProtocolModel(new ModelSettings());

        var traces = ShortestTraces.ToEachActionBesideEachProgress(model, TestContext.Current.CancellationToken).ToList();

        output.WriteLine($"{traces.Count} traces of {traces.Sum(trace => trace.Steps.Count)} steps");
        Assert.Contains(traces, trace => trace.Steps is [.., { Action: { Actor: Actor.A, Step: Step.Hijack }, Next.EngineOfB.Progress: Progress.Active }]);
        Assert.Contains(traces, trace => trace.Steps[^1].Action is { Actor: Actor.Reaper, Step: Step.DieWithDeployment });
        Assert.Equal(1_374, traces.Count);
    }

    [Fact]
    public void Shortest_traces_show_each_action_in_each_condition_of_the_cluster()
    {
        var model = new ProtocolModel(new ModelSettings());

        var traces = ShortestTraces.ToEachActionInEachCluster(model, TestContext.Current.CancellationToken).ToList();

        output.WriteLine($"{traces.Count} traces of {traces.Sum(trace => trace.Steps.Count)} steps");
        Assert.Equal(5_828, traces.Select(trace => (trace.Steps[^1].Action, ClusterView.Of(Before(trace)))).Distinct().Count());
        Assert.Equal(5_828, traces.Count);
    }

    [Fact]
    public async Task A_replay_finds_no_difference_between_a_protocol_and_itself()
    {
        var model = new ProtocolModel(Everything);
        for (var seed = 0; seed < 100; seed++)
        {
            await using var driver = new ModelDriver(model);

            Assert.Null(await TraceReplay.FirstDifferenceAsync(RandomWalk.Take(model, seed), driver, TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(Mistakes.NoClaims)]
    [InlineData(Mistakes.NoFence)]
    [InlineData(Mistakes.DecoyFirst)]
    [InlineData(Mistakes.IgnoreDrift)]
    [InlineData(Mistakes.FenceForgotten)]
    public async Task A_replay_finds_the_difference_where_the_driven_protocol_has_a_mistake(Mistakes mistakes)
    {
        var differences = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            await using var driver = new ModelDriver(new ProtocolModel(Everything with { Mistakes = mistakes }));
            var trace = RandomWalk.Take(new ProtocolModel(Everything), seed);
            differences += await TraceReplay.FirstDifferenceAsync(trace, driver, TestContext.Current.CancellationToken) is null ? 0 : 1;
        }

        output.WriteLine($"{differences} of 200 walks differ");
        Assert.InRange(differences, 1, 200);
    }

    private static ModelState Before(ModelTrace trace) => trace.Steps.Count > 1 ? trace.Steps[^2].Next : default;
}
