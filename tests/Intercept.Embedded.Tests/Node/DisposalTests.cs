using System.Net;
using System.Net.NetworkInformation;

namespace Intercept.Embedded.Tests.Node;

public sealed class DisposalTests
{
    [Fact]
    public async Task Disposal_leaves_no_listener_and_no_folder()
    {
        IReadOnlyList<IPEndPoint> listeners;
        string folder;
        await using (var cluster = await TestCluster.StartAsync())
        {
            await cluster.ApplyAsync("{ apiVersion: v1, kind: ConfigMap, metadata: { name: files, namespace: shop }, data: { a: b } }");
            await cluster.ApplyAsync(
                ShopYaml.Deployment("core", replicas: 2, pod: "volumes: [{ name: files, configMap: { name: files } }]", container: "volumeMounts: [{ name: files, mountPath: /files }]")
                + ShopYaml.Service("core", "core"));
            await cluster.WaitUntilReadyAsync();
            listeners = cluster.Listeners;
            folder = cluster.Folder;
            Assert.NotEmpty(listeners);
            Assert.True(Directory.Exists(folder));
        }

        Assert.Empty(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Intersect(listeners));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_a_request_that_hangs()
    {
        var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitUntilReadyAsync();
        using var pod = cluster.CreatePodClient("core");
        var hanging = pod.GetAsync("/hang", TestContext.Current.CancellationToken);
        await using var log = cluster.ReadLogAsync(cluster.PodsOf("core").Single(), follow: true).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        while (await log.MoveNextAsync() && log.Current != "      hanging")
        {
        }

        await cluster.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => hanging);
    }
}
