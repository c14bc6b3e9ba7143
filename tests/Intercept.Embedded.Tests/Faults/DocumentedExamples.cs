using System.Net;
using System.Runtime.CompilerServices;
using Intercept.Embedded.Faults;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Intercept.Embedded.Tests.Faults;

/// <summary>The examples of docs/embedded-faults.md: what stands between the markers stands there word for word.</summary>
public sealed class DocumentedExamples
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conflict_on_the_second_write()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(cancellationToken: Token);
        await cluster.ApplyAsync(ShopYaml.Service("leaf", "leaf").Replace("namespace: shop", "namespace: default", StringComparison.Ordinal), Token);
        using var kubernetes = new Kubernetes(cluster.CreateClientConfiguration());
        var patch = new V1Patch("""{"metadata":{"labels":{"a":"b"}}}""", V1Patch.PatchType.MergePatch);

        // example: conflict
        using var conflict = cluster.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.Conflict))
        {
            Calls = new() { Verb = "patch", Resource = "services", Name = "leaf" },
            Skip = 1,
            Times = 1,
        });
        // end

        await kubernetes.CoreV1.PatchNamespacedServiceAsync(patch, "leaf", "default", cancellationToken: Token);
        var failure = await Assert.ThrowsAsync<HttpOperationException>(() => kubernetes.CoreV1.PatchNamespacedServiceAsync(patch, "leaf", "default", cancellationToken: Token));
        Assert.Equal(HttpStatusCode.Conflict, failure.Response.StatusCode);
        await kubernetes.CoreV1.PatchNamespacedServiceAsync(patch, "leaf", "default", cancellationToken: Token);
    }

    [Fact]
    public async Task A_write_that_hangs()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(cancellationToken: Token);
        using var kubernetes = new Kubernetes(cluster.CreateClientConfiguration());
        var map = new V1ConfigMap { Metadata = new() { Name = "a" } };
        var cancellationToken = Token;

        // example: hang
        using var hang = cluster.Faults.Add(new ApiFaultRule(ApiFault.Hang(ApiCallPhase.After))
        {
            Calls = new() { Verb = "create", Resource = "configmaps" },
        });

        var creating = kubernetes.CoreV1.CreateNamespacedConfigMapAsync(map, "default", cancellationToken: cancellationToken);
        await hang.WaitForHitAsync(cancellationToken: cancellationToken);

        // It is stored by now, and nobody has been told: look, kill, time out…
        Assert.NotNull(await kubernetes.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: cancellationToken));

        hang.Release();
        await creating;
        // end
    }

    [Fact]
    public async Task A_restart_of_the_api_server()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(cancellationToken: Token);
        using var kubernetes = new Kubernetes(cluster.CreateClientConfiguration());
        var cancellationToken = Token;

        // example: restart
        await cluster.RestartApiServerAsync(
            new ApiServerRestart { Refusing = TimeSpan.FromSeconds(0.1), Forbidding = TimeSpan.FromSeconds(0.5) },
            cancellationToken);
        // end

        Assert.NotEmpty((await kubernetes.CoreV1.ListNamespaceAsync(cancellationToken: Token)).Items);
    }

    [Fact]
    public async Task The_examples_stand_in_the_documentation()
    {
        var source = await File.ReadAllLinesAsync(SourceFile(), Token);
        var documentation = await File.ReadAllTextAsync(Path.Join(Path.GetDirectoryName(SourceFile()), "../../../docs/embedded-faults.md"), Token);
        var examples = source.Index().Where(line => line.Item.TrimStart().StartsWith("// example: ", StringComparison.Ordinal)).Select(start => string.Join('\n', source
            .Skip(start.Index + 1)
            .TakeWhile(line => line.Trim() != "// end")
            .Select(line => line.Length > 8 ? line[8..] : ""))).ToList();

        Assert.Equal(3, examples.Count);
        Assert.All(examples, example => Assert.Contains(example, documentation.ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
