using Intercept.Embedded.Controllers;
using k8s.Models;

namespace Intercept.Embedded.Tests.Controllers;

public sealed class DeploymentTests
{
    [Fact]
    public async Task A_deployment_is_scaled_up_and_down()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core", replicas: 1));
        await cluster.WaitUntilReadyAsync();

        await cluster.ApplyAsync(ShopYaml.Deployment("core", replicas: 3));
        await cluster.WaitForAsync<V1Deployment>(all => all[0].Status?.AvailableReplicas == 3);
        Assert.Equal(3, cluster.PodsOf("core").Count);

        await cluster.ApplyAsync(ShopYaml.Deployment("core", replicas: 0));
        await cluster.WaitForAsync<V1Pod>(all => all.Count == 0);
        await cluster.WaitForAsync<V1Deployment>(all => all[0].Status?.Replicas is null or 0);
    }

    [Fact]
    public async Task A_new_template_replaces_all_pods_and_keeps_the_wanted_number_available()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core", replicas: 2));
        await cluster.WaitUntilReadyAsync();
        var before = cluster.PodsOf("core").Select(pod => pod.Metadata.Name).ToHashSet();

        var leastReady = int.MaxValue;
        await cluster.ApplyAsync(ShopYaml.Deployment("core", replicas: 2, container: "env: [{ name: COLOUR, value: blue }]"));
        await cluster.WaitForAsync<V1Pod>(all =>
        {
            leastReady = Math.Min(leastReady, all.Count(pod => pod.IsReady() && pod.IsActive()));
            return all.Count == 2 && all.All(pod => pod.IsReady() && !before.Contains(pod.Metadata.Name));
        });

        Assert.True(leastReady >= 2, $"Once only {leastReady} pods were ready.");
        Assert.Equal(2, cluster.Api.List<V1ReplicaSet>("shop").Count);
        await cluster.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_deleted_pod_is_replaced()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core"));
        await cluster.WaitUntilReadyAsync();
        var first = cluster.PodsOf("core").Single();

        cluster.Api.Delete<V1Pod>("shop", first.Metadata.Name);

        await cluster.WaitForAsync<V1Pod>(all => all.Count == 1 && all[0].Metadata.Uid != first.Metadata.Uid && all[0].IsReady());
    }
}
