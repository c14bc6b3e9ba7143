using Intercept.Tests.Apps.Hop;
using k8s.Models;

namespace Intercept.Embedded.Tests.Node;

public sealed class StockImageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_from_a_config_map_runs_in_a_load_context_of_its_own()
    {
        await using var cluster = await TestCluster.StartAsync();
        CreatePayload(cluster);
        await cluster.ApplyAsync(Deployment("core") + ShopYaml.Service("core", "core"));
        await cluster.WaitUntilReadyAsync();

        using var client = cluster.CreateServiceClient("core");

        Assert.Equal(cluster.PodsOf("core").Single().Metadata.Name, await client.GetStringAsync("/who", Cancelled));
        Assert.Contains(AppDomain.CurrentDomain.GetAssemblies(), IsPayload);
    }

    [Fact]
    public async Task The_working_directory_is_the_content_root_with_the_mounted_files()
    {
        await using var cluster = await TestCluster.StartAsync();
        CreatePayload(cluster);
        await cluster.ApplyAsync(Deployment("core"));
        await cluster.WaitUntilReadyAsync();
        using var pod = cluster.CreatePodClient("core");

        var root = (await pod.GetStringAsync("/contentroot", Cancelled)).Split(' ', 3)[2];

        Assert.Equal("settings", await File.ReadAllTextAsync(Path.Join(root, "hop.json"), Cancelled));
        cluster.Api.Delete<V1Deployment>("shop", "core");
        await cluster.WaitForAsync<V1Pod>(all => all.Count == 0);
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task A_missing_program_file_is_named()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Api.Create(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "payload", NamespaceProperty = "shop" }, Data = new Dictionary<string, string> { ["readme"] = "" } });
        await cluster.ApplyAsync(Deployment("core"));

        var pods = await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.ContainerStatuses: [{ State.Waiting.Reason: "RunContainerError" }] }]);

        Assert.Equal("/hop/Intercept.Tests.Apps.Hop.dll is not in the mounted volume, which has readme", pods[0].Status.ContainerStatuses[0].State.Waiting.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_named()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Api.Create(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "payload", NamespaceProperty = "shop" }, Data = new Dictionary<string, string> { ["Intercept.Tests.Apps.Hop.dll"] = "text" } });
        await cluster.ApplyAsync(Deployment("core"));

        var pods = await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.ContainerStatuses: [{ State.Waiting.Reason: "RunContainerError" }] }]);

        Assert.StartsWith("/hop/Intercept.Tests.Apps.Hop.dll can't be loaded", pods[0].Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
    }

    private static bool IsPayload(System.Reflection.Assembly assembly) =>
        assembly.GetName().Name == "Intercept.Tests.Apps.Hop" && assembly != typeof(Readiness).Assembly;

    private static void CreatePayload(TestCluster cluster) => cluster.Api.Create(new V1ConfigMap
    {
        Metadata = new V1ObjectMeta { Name = "payload", NamespaceProperty = "shop" },
        Data = new Dictionary<string, string> { ["hop.json"] = "settings" },
        BinaryData = new Dictionary<string, byte[]>
        {
            ["Intercept.Tests.Apps.Hop.dll"] = File.ReadAllBytes(typeof(Readiness).Assembly.Location),
        },
    });

    private static string Deployment(string name) => ShopYaml.Deployment(
        name,
        pod: "volumes: [{ name: payload, configMap: { name: payload } }]",
        container:
        """
        command: [dotnet, /hop/Intercept.Tests.Apps.Hop.dll]
        workingDir: /hop
        volumeMounts: [{ name: payload, mountPath: /hop, readOnly: true }]
        """).Replace("image: hop", "image: mcr.microsoft.com/dotnet/aspnet:10.0", StringComparison.Ordinal);
}
