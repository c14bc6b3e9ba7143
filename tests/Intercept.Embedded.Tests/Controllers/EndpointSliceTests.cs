using k8s.Models;

namespace Intercept.Embedded.Tests.Controllers;

public sealed class EndpointSliceTests
{
    [Fact]
    public async Task A_slice_names_the_pod_behind_a_named_port()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(
            ShopYaml.Deployment("core", container: "ports: [{ name: web, containerPort: 8080 }]") + ShopYaml.Service("core", "core", targetPort: "web"));

        var slice = (await cluster.WaitForAsync<V1EndpointSlice>(all => all is [{ Endpoints: [{ Conditions.Ready: true }] }])).Single();

        var pod = cluster.PodsOf("core").Single();
        Assert.Equal(8080, slice.Ports.Single().Port);
        Assert.Equal(pod.Status.PodIP, slice.Endpoints[0].Addresses.Single());
        Assert.Equal(pod.Metadata.Name, slice.Endpoints[0].TargetRef.Name);
        Assert.Equal("core", slice.GetLabel("kubernetes.io/service-name"));
        Assert.Equal("Service", slice.Metadata.OwnerReferences.Single().Kind);
        var endpoints = await cluster.WaitForAsync<V1Endpoints>(all => all.Any(one => one.Subsets is [{ Addresses: [_] }]));
        Assert.Equal(pod.Status.PodIP, endpoints.Single(one => one.Metadata.Name == "core").Subsets[0].Addresses[0].Ip);
    }

    [Fact]
    public async Task A_pod_that_is_not_ready_is_listed_as_such()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core", container: "env: [{ name: READY, value: \"false\" }]\nreadinessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1 }"));
        await cluster.WaitForAsync<V1EndpointSlice>(all => all is [{ Endpoints: [{ Conditions.Ready: false }] }]);

        await cluster.WaitForAsync<V1Pod>(all => all[0].Status?.ContainerStatuses?[0].State.Running is not null);
        using var pod = cluster.CreatePodClient("core");
        using var answer = await pod.PostAsync("/ready/true", null, TestContext.Current.CancellationToken);

        await cluster.WaitForAsync<V1EndpointSlice>(all => all is [{ Endpoints: [{ Conditions.Ready: true }] }]);
    }

    [Fact]
    public async Task A_deleted_service_takes_its_slices_along()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitForAsync<V1EndpointSlice>(all => all is [{ Endpoints.Count: 1 }]);

        cluster.Api.Delete<V1Service>("shop", "core");

        await cluster.WaitForAsync<V1EndpointSlice>(all => all.Count == 0);
    }
}
