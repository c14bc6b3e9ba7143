using Intercept.Embedded;
using k8s;

namespace Intercept.Testing.Tests.Clusters;

public sealed class EmbeddedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intercept-manifests-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_embedded_cluster_has_its_manifests_applied()
    {
        var steps = new List<string>();
        var options = new InterceptClusterOptions { Manifests = [WriteManifests()], Progress = InterceptProgress.To(steps.Add) };
        await using var cluster = await InterceptCluster.ConnectEmbeddedAsync(options, Token);
        var service = await cluster.Kubernetes.CoreV1.ReadNamespacedServiceAsync("leaf", "shop", cancellationToken: Token);

        Assert.Equal(3010, Assert.Single(service.Spec.Ports).Port);
        Assert.StartsWith("embedded cluster", cluster.Description, StringComparison.Ordinal);
        Assert.Contains("embedded cluster at http://127.0.0.1:", steps[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_that_are_not_there_are_named_before_anything_starts()
    {
        var missing = Path.Combine(_folder.FullName, "missing");
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => InterceptCluster.ConnectEmbeddedAsync(new InterceptClusterOptions { Manifests = [missing] }, Token));

        Assert.Contains(missing, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cluster_from_a_kubeconfig_has_manifests_applied_only_on_request(bool apply)
    {
        await using var server = await EmbeddedCluster.StartAsync(cancellationToken: Token);
        await using var cluster = await InterceptCluster.ConnectAsync(
            new InterceptClusterOptions { KubeconfigFile = WriteKubeconfig(server), Manifests = [WriteManifests()], ApplyManifests = apply }, Token);
        var services = await cluster.Kubernetes.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: Token);

        Assert.Equal(apply, services.Items.Any(service => service.Metadata.Name == "leaf"));
        Assert.StartsWith("context here", cluster.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_are_not_accepted_are_told()
    {
        await using var server = await EmbeddedCluster.StartAsync(cancellationToken: Token);
        var file = WriteKubeconfig(server, token: "wrong");
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => InterceptCluster.FromKubeconfigAsync("here", new InterceptClusterOptions { KubeconfigFile = file }, Token));

        Assert.Contains("does not accept the credentials", failure.Message, StringComparison.Ordinal);
    }

    private string WriteManifests()
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "a-leaf.yaml"),
            """
            apiVersion: v1
            kind: Service
            metadata: { name: leaf, namespace: shop }
            spec:
              selector: { app: leaf }
              ports: [{ name: http, port: 3010 }]
            """);
        File.WriteAllText(Path.Combine(_folder.FullName, "b-namespace.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n");
        return _folder.FullName;
    }

    private string WriteKubeconfig(EmbeddedCluster cluster, string? token = null)
    {
        var file = Path.Combine(_folder.FullName, "kubeconfig");
        File.WriteAllText(
            file,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: here
            clusters: [{ name: c, cluster: { server: '{{cluster.ApiServer}}' } }]
            users: [{ name: u, user: { token: '{{token ?? cluster.Token}}' } }]
            contexts: [{ name: here, context: { cluster: c, user: u } }]
            """);
        return file;
    }
}
