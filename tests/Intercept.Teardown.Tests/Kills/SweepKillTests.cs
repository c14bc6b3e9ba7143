using Intercept.Engine;
using Microsoft.AspNetCore.Http;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Layer L4 alone: nobody closes, until somebody on the same machine opens the next intercept.</summary>
[Collection(KillCollection.Name)]
public sealed class SweepKillTests(KillWorld world)
{
    [Fact]
    public async Task After_SIGKILL_at_any_moment_the_next_opening_on_this_machine_closes_what_was_left() =>
        await new KillRun(world, "L4, SIGKILL")
        {
            Layers = [],
            End = (holder, _) =>
            {
                holder.Signal(Signals.Kill9);
                return Task.CompletedTask;
            },
            Recover = OpenNextAsync,
        }.RunAsync(KillSettings.Count(handful: 4));

    private async Task OpenNextAsync(string service)
    {
        var plan = new InterceptPlan
        {
            Service = ServiceReference.Parse($"{KillWorld.Namespace}/{service}"),
            Rule = HeaderRule.Create(HeaderRule.DefaultName, $"{Guid.NewGuid():N}"),
            Handler = context => context.Response.WriteAsync("next"),
        };
        await using var engine = world.CreateEngine();
        var next = await engine.OpenAsync(plan, null, TestContext.Current.CancellationToken);
        await next.CloseAsync(TestContext.Current.CancellationToken);
    }
}
