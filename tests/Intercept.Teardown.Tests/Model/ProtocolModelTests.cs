using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model;

public sealed class ProtocolModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Where_engines_only_crash_every_reachable_state_is_good()
    {
        var found = Explore(new ModelSettings());

        Assert.True(found.Counterexample is null, found.ToString());
        Assert.Equal((108_511, 295_934), (found.States, found.Transitions));
    }

    [Fact]
    public void Where_a_living_engine_is_suspected_every_reachable_state_is_good()
    {
        var (states, claimsGone) = (0, 0);
        foreach (var (settings, expected) in WithSuspicion())
        {
            var found = Explore(settings, (_, step) => claimsGone += step.Action.Step == Step.FindClaimsGone ? 1 : 0);

            Assert.True(found.Counterexample is null, found.ToString());
            Assert.Equal(expected, (found.States, found.Transitions));
            states += found.States;
        }

        // Claims go only after the mark, which is looked for first: the engine's second attempt is for what no protocol knows of.
        Assert.Equal(0, claimsGone);
        output.WriteLine($"{states} states");
    }

    [Fact]
    public void Where_a_third_party_edits_every_reachable_state_is_good()
    {
        var found = Explore(new ModelSettings(ThirdPartyEdits: 1));

        Assert.True(found.Counterexample is null, found.ToString());
        Assert.Equal((1_589_586, 5_884_913), (found.States, found.Transitions));
    }

    [Fact]
    public void Where_the_reaper_deletes_its_own_Deployment_last_every_reachable_state_is_good()
    {
        var found = Explore(new ModelSettings(ThirdPartyEdits: 1, Suspicions: Soak.IsAsked ? 1 : 0, ReaperDeploymentLast: true));

        Assert.True(found.Counterexample is null, found.ToString());
        Assert.InRange(found.States, 1_000_000, int.MaxValue);
    }

    private static IEnumerable<(ModelSettings Settings, (int, long) Expected)> WithSuspicion()
    {
        yield return (new ModelSettings(Suspicions: 1), (3_953_487, 15_612_880));
        if (Soak.IsAsked)
        {
            yield return (new ModelSettings(Suspicions: 1, SweeperCrashes: 1), (11_716_064, 49_282_048));
            yield return (new ModelSettings(Suspicions: 1, ThirdPartyEdits: 1), (32_221_128, 151_042_398));
        }
    }

    private ExplorationResult Explore(ModelSettings settings, Action<int, Transition>? onTransition = null)
    {
        var found = new Explorer(new ProtocolModel(settings)).Run(onTransition, TestContext.Current.CancellationToken);
        output.WriteLine(found.ToString());
        return found;
    }
}
