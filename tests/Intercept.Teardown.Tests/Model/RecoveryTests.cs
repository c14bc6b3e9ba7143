using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model;

public sealed class RecoveryTests(ITestOutputHelper output)
{
    [Fact]
    public void From_every_state_the_sweeper_alone_cleans_up()
    {
        Assert.Null(FirstFailure(new ModelSettings(), Actor.Sweeper, _ => true));
        Assert.Null(FirstFailure(new ModelSettings(ThirdPartyEdits: 1), Actor.Sweeper, _ => true));
    }

    [Fact]
    public void From_every_state_with_an_idle_reaper_it_cleans_up_alone_if_its_Deployment_goes_last()
    {
        Assert.Null(FirstFailure(new ModelSettings(ReaperDeploymentLast: true), Actor.Reaper, HasIdleReaper));
        Assert.Null(FirstFailure(new ModelSettings(ThirdPartyEdits: 1, ReaperDeploymentLast: true), Actor.Reaper, HasIdleReaper));
    }

    [Fact]
    public void A_reaper_that_deletes_its_Deployment_in_the_usual_order_leaves_something()
    {
        Assert.NotNull(FirstFailure(new ModelSettings(), Actor.Reaper, HasIdleReaper));
    }

    [Fact]
    public void A_forgotten_fence_keeps_recovery_busy_for_ever()
    {
        var failure = FirstFailure(new ModelSettings(Mistakes.FenceForgotten), Actor.Sweeper, _ => true);

        Assert.NotNull(failure);
        Assert.NotEqual(Holders.None, failure.Steps[^1].Next.Fences);
    }

    private static bool HasIdleReaper(ModelState state) => state.HasDeployment && state.Reaper.IsIdle;

    private ModelTrace? FirstFailure(ModelSettings settings, Actor recoverer, Predicate<ModelState> isStart)
    {
        var model = new ProtocolModel(settings);
        var lone = new LoneRecoverer(model, recoverer);
        var explorer = new Explorer(model);
        explorer.Run(null, TestContext.Current.CancellationToken);
        ModelTrace? failure = null;
        var starts = 0;
        for (var index = 0; failure is null && index < explorer.States.Count; index++)
        {
            if (isStart(explorer.States[index]))
            {
                starts++;
                failure = lone.FailureFrom(explorer.States[index]) is { } ending
                    ? new ModelTrace([.. explorer.TraceTo(index).Steps, .. ending.Steps])
                    : null;
            }
        }

        output.WriteLine($"{settings}: {recoverer} alone from {starts} states, over {lone.States}: {failure?.ToString() ?? "restored"}");
        return failure;
    }
}
