using Intercept.Engine.Tests.Worlds;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Closing;

/// <summary>A close must not wait for a proxy that nobody can reach: meanwhile the Service would lead nowhere.</summary>
public sealed class CloseWithoutProxyTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    // Shorter than a broken tunnel is dialled again.
    private static InterceptPlan Plan => EngineWorld.Plan("test") with { Timeouts = new InterceptTimeouts { Close = TimeSpan.FromSeconds(15) } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_the_proxy_has_no_pod_any_more_the_Service_is_restored_nevertheless()
    {
        var before = await world.SnapshotAsync();
        var interception = await world.CreateEngine().OpenAsync(Plan, null, Token);
        var noPods = new V1Patch("""{"spec":{"replicas":0}}""", V1Patch.PatchType.MergePatch);
        await world.Client.PatchNamespacedDeploymentAsync(noPods, "interceptor-leaf", "shop", cancellationToken: Token);
        await world.Api.WaitAsync<V1Pod>("shop", Labels.SelectAll, pods => pods.Count == 0, Token);

        await interception.CloseAsync(Token);

        Assert.Equal(before, await world.SnapshotAsync());
        Assert.Contains(interception.Timeline, step => step.Text.StartsWith("the tunnel is cut", StringComparison.Ordinal));
        await interception.DisposeAsync();
    }
}
