using k8s.Models;

namespace Intercept.Embedded.Tests.Network;

/// <summary>What HttpClients inside a pod reach under which name.</summary>
public sealed class NamesTests(NamesTests.Shop shop) : IClassFixture<NamesTests.Shop>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("new", "http://core/who")]
    [InlineData("factory", "http://core/who")]
    [InlineData("new", "http://core.shop/who")]
    [InlineData("new", "http://core.shop.svc/who")]
    [InlineData("new", "http://core.shop.svc.cluster.local/who")]
    [InlineData("new", "http://core.shop.svc.cluster.local./who")]
    [InlineData("new", "http://CORE:80/who")]
    [InlineData("new", "http://core:3000/who")]
    [InlineData("new", "http://headless:8080/who")]
    [InlineData("new", "http://elsewhere/who")]
    [InlineData("new", "http://core/redirect")]
    public async Task A_service_is_found_by_name(string by, string url)
    {
        var answer = await shop.FetchAsync(url, by);

        var at = url.Replace("/redirect", "/who", StringComparison.Ordinal);
        Assert.Equal($"200 {new Uri(at)} {shop.Core.Metadata.Name}", answer);
    }

    [Fact]
    public async Task Cluster_and_pod_addresses_are_reached()
    {
        var service = shop.Cluster.Api.Get<V1Service>("shop", "core")!;

        Assert.EndsWith(shop.Core.Metadata.Name, await shop.FetchAsync($"http://{service.Spec.ClusterIP}/who"), StringComparison.Ordinal);
        Assert.EndsWith(shop.Core.Metadata.Name, await shop.FetchAsync($"http://{shop.Core.Status.PodIP}:8080/who"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Localhost_is_the_pod_itself() =>
        Assert.EndsWith(shop.Caller.Metadata.Name, await shop.FetchAsync("http://localhost:8080/who"), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://nobody/")]
    [InlineData("http://core.other.svc.cluster.local/")]
    public async Task An_unknown_name_fails_as_dns_does(string url) =>
        Assert.StartsWith("NameResolutionError Name or service not known", await shop.FetchAsync(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://empty/")]
    [InlineData("http://core:4711/")]
    [InlineData("http://localhost:4711/")]
    [InlineData("http://10.244.200.200:8080/")]
    public async Task Where_nothing_listens_the_connection_is_refused(string url) =>
        Assert.StartsWith("ConnectionError Connection refused", await shop.FetchAsync(url), StringComparison.Ordinal);

    [Fact]
    public async Task Web_sockets_use_the_names_too()
    {
        using var client = shop.Cluster.CreatePodClient(shop.Caller);

        Assert.Equal("hello", await client.GetStringAsync("/socket?text=hello&url=ws://core/echo", Cancelled));
    }

    [Fact]
    public async Task The_callee_sees_the_name_and_no_header_of_ours()
    {
        Assert.EndsWith("(core:3000)", await shop.FetchAsync("http://core:3000/"), StringComparison.Ordinal);
        Assert.Equal("200 http://core/trace ", await shop.FetchAsync("http://core/trace", by: "untraced"));
    }

    [Fact]
    public async Task A_client_outside_of_the_pods_does_not_know_the_names()
    {
        using var http = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("http://core.shop.svc.cluster.local/", Cancelled));
    }

    public sealed class Shop : IAsyncLifetime
    {
        internal TestCluster Cluster { get; private set; } = null!;

        internal V1Pod Caller => Cluster.PodsOf("caller").Single();

        internal V1Pod Core => Cluster.PodsOf("core").Single();

        public async ValueTask InitializeAsync()
        {
            Cluster = await TestCluster.StartAsync();
            await Cluster.ApplyAsync(
                ShopYaml.Deployment("caller")
                + ShopYaml.Deployment("core")
                + ShopYaml.Service("empty", "nothing")
                + """
                apiVersion: v1
                kind: Service
                metadata: { name: core, namespace: shop }
                spec:
                  selector: { app: core }
                  ports: [{ name: http, port: 80, targetPort: 8080 }, { name: alt, port: 3000, targetPort: 8080 }]
                ---
                apiVersion: v1
                kind: Service
                metadata: { name: headless, namespace: shop }
                spec: { clusterIP: None, selector: { app: core }, ports: [{ port: 8080 }] }
                ---
                apiVersion: v1
                kind: Service
                metadata: { name: elsewhere, namespace: shop }
                spec: { type: ExternalName, externalName: core.shop.svc.cluster.local }
                """);
            await Cluster.WaitUntilReadyAsync();
        }

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();

        internal async Task<string> FetchAsync(string url, string by = "new")
        {
            using var client = Cluster.CreatePodClient(Caller);
            return await client.GetStringAsync($"/fetch?by={by}&url={Uri.EscapeDataString(url)}", Cancelled);
        }
    }
}
