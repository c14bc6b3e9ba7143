using System.Text.Json;
using Intercept.Testing;
using k8s;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Shop.Tests;

/// <summary>The cluster afterwards, as anybody sees it who asks the API.</summary>
public sealed class TeardownTests
{
    private const string Ours = "app.kubernetes.io/managed-by=intercept";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_close_the_Service_is_identical_and_nothing_is_left()
    {
        await using var cluster = await InterceptCluster.ConnectEmbeddedAsync(ShopCluster.Options, Token);
        var kubernetes = cluster.Kubernetes;
        var before = await ServiceAsync(kubernetes);
        await using var leaf = new WebApplicationFactory<Leaf.Program>();
        var session = await cluster.InterceptAsync("shop/leaf", leaf.Server, cancellationToken: Token);
        var during = await ServiceAsync(kubernetes);

        await session.CloseAsync(Token);

        Assert.NotEqual(before, during);
        Assert.Equal(before, await ServiceAsync(kubernetes));
        Assert.Empty(await LeftAsync(kubernetes));
    }

    private static async Task<string> ServiceAsync(IKubernetes kubernetes)
    {
        var service = await kubernetes.CoreV1.ReadNamespacedServiceAsync("leaf", "shop", cancellationToken: Token);
        var (metadata, spec) = (service.Metadata, service.Spec);
        return KubernetesYaml.Serialize(new { metadata.Uid, metadata.Labels, metadata.Annotations, metadata.OwnerReferences, spec });
    }

    private static async Task<IReadOnlyList<string>> LeftAsync(IKubernetes kubernetes)
    {
        var (core, apps) = (kubernetes.CoreV1, kubernetes.AppsV1);
        var sessions = (JsonElement)await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync(
            "system.codezero.io", "v1", "shop", "sessions", cancellationToken: Token);
        return
        [
            .. (await apps.ListNamespacedDeploymentAsync("shop", labelSelector: Ours, cancellationToken: Token)).Items.Select(item => $"deployment {item.Metadata.Name}"),
            .. (await core.ListNamespacedConfigMapAsync("shop", labelSelector: Ours, cancellationToken: Token)).Items.Select(item => $"configmap {item.Metadata.Name}"),
            .. (await core.ListNamespacedServiceAsync("shop", labelSelector: Ours, cancellationToken: Token)).Items.Select(item => $"service {item.Metadata.Name}"),
            .. sessions.GetProperty("items").EnumerateArray().Select(item => $"session {item.GetProperty("metadata").GetProperty("name")}"),
        ];
    }
}
