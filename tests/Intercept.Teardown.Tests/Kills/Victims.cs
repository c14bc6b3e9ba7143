using Intercept.Engine;
using Microsoft.AspNetCore.Http;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>What several tests do to and after a process.</summary>
internal static class Victims
{
    /// <summary>SIGKILL.</summary>
    public static Task KillAsync(Victim victim)
    {
        victim.Holder.Signal(Signals.Kill9);
        return Task.CompletedTask;
    }

    /// <summary>The next intercept of the same Service on this machine, opened and closed.</summary>
    public static async Task OpenNextAsync(KillWorld world, string service)
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
