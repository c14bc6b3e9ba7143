using System.Net;
using System.Net.Sockets;
using Intercept.Testing.Clusters;

namespace Intercept.Testing.Tests.Clusters;

public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("intercept-kubeconfig-");

    // tcpmux: reserved, and served by nobody. A port that was free a moment ago may be another test's server now.
    private const int ClosedPort = 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_missing_file_is_named_whichever_way_it_was_found()
    {
        var missing = Path.Combine(_folder.FullName, "missing");

        Assert.Contains(missing, await FailAsync(new() { KubeconfigFile = missing }), StringComparison.Ordinal);
        Assert.Contains("which the environment variable KUBECONFIG names", await FailAsync(new() { Context = "a" }, ("KUBECONFIG", missing)), StringComparison.Ordinal);
        Assert.Contains(
            Path.Combine(_folder.FullName, ".kube", "config"), await FailAsync(new() { Context = "a" }, ("HOME", _folder.FullName)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contexts: [")]
    [InlineData("just text")]
    [InlineData("")]
    public async Task A_broken_file_is_named(string yaml)
    {
        var file = Write(yaml);

        var message = await FailAsync(new() { KubeconfigFile = file });
        Assert.Contains(file, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_context_is_answered_with_those_that_there_are()
    {
        var message = await FailAsync(new() { KubeconfigFile = Write(Config("http://localhost:1")), Context = "other" });

        Assert.Contains("no context 'other'. Its contexts: dev, prod-eu, quiet.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_current_context_one_must_be_named()
    {
        var message = await FailAsync(new() { KubeconfigFile = Write(Config("http://localhost:1", current: "\"\"")) });

        Assert.Contains("has no current-context, and none was named. Its contexts: dev, prod-eu, quiet.", message, StringComparison.Ordinal);
        Assert.Contains("INTERCEPT_CLUSTER=kubeconfig:CONTEXT", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_current_context_that_is_not_there_is_told_as_that()
    {
        var message = await FailAsync(new() { KubeconfigFile = Write(Config("http://localhost:1", current: "gone")) });

        Assert.Contains("no context 'gone', which is its current-context", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prod-eu")]
    [InlineData("quiet")]
    public async Task A_context_or_cluster_that_looks_like_production_needs_an_opt_in(string context)
    {
        var file = Write(Config($"http://127.0.0.1:{ClosedPort}"));

        Assert.Contains("looks like production", await FailAsync(new() { KubeconfigFile = file, Context = context }), StringComparison.Ordinal);
        Assert.Contains("can't be reached", await FailAsync(new() { KubeconfigFile = file, Context = context, AllowProduction = true }), StringComparison.Ordinal);
        Assert.Contains(
            "can't be reached",
            await FailAsync(new() { KubeconfigFile = file, Context = context }, ("INTERCEPT_ALLOW_PRODUCTION", "1")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_and_the_context_was_told_before()
    {
        var steps = new List<string>();
        var file = Write(Config($"http://127.0.0.1:{ClosedPort}"));
        var message = await FailAsync(new() { KubeconfigFile = file, Progress = InterceptProgress.To(steps.Add) });

        Assert.Contains($"The cluster of context 'dev' (kubeconfig {file}) at http://127.0.0.1:", message, StringComparison.Ordinal);
        Assert.Contains("kubectl --context dev version", message, StringComparison.Ordinal);
        Assert.Contains("context dev of", Assert.Single(steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var file = Write(Config($"http://{silent.LocalEndpoint}"));
        var message = await FailAsync(new() { KubeconfigFile = file, ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Contains("did not answer within 0.2 s", message, StringComparison.Ordinal);
        Assert.Contains("ConnectTimeout", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_and_users_of_several_files_are_found()
    {
        var contexts = Write("apiVersion: v1\nkind: Config\ncurrent-context: far\ncontexts: [{name: far, context: {cluster: away, user: someone}}]\n", "a");
        var rest = Write(
            "apiVersion: v1\nkind: Config\nclusters: [{name: away, cluster: {server: 'http://127.0.0.1:1'}}]\nusers: [{name: someone, user: {token: t}}]\n", "b");
        var found = await KubeconfigContext.LoadAsync(
            null, new InterceptClusterOptions(), name => name == "KUBECONFIG" ? contexts + Path.PathSeparator + rest : null);

        Assert.Equal(("far", "t"), (found.Name, found.Configuration.AccessToken));
        Assert.StartsWith("http://127.0.0.1:1", found.Configuration.Host, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(InterceptClusterOptions options, params (string Name, string Value)[] environment)
    {
        string? Variable(string name) => environment.FirstOrDefault(variable => variable.Name == name).Value;
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => ClusterConnector.ConnectAsync(ClusterChoice.Of(options, Variable), options, Variable, Token));
        return failure.Message;
    }

    private static string Config(string server, string current = "dev") => $$"""
        apiVersion: v1
        kind: Config
        current-context: {{current}}
        clusters:
        - name: dev-cluster
          cluster: { server: '{{server}}' }
        - name: shop.live.example
          cluster: { server: '{{server}}' }
        users:
        - name: me
          user: { token: secret }
        contexts:
        - name: dev
          context: { cluster: dev-cluster, user: me }
        - name: prod-eu
          context: { cluster: dev-cluster, user: me }
        - name: quiet
          context: { cluster: shop.live.example, user: me }
        """;

    private string Write(string yaml, string name = "config")
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, yaml);
        return file;
    }
}
