using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Intercept.Embedded.Tests;

/// <summary>The cluster as its user sees it: through the Kubernetes API.</summary>
public sealed class EmbeddedClusterTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_forward_of_the_client_library_reaches_the_program()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitUntilReadyAsync();
        using var kubernetes = new Kubernetes(cluster.Embedded.CreateClientConfiguration());
        var pod = (await kubernetes.CoreV1.ListNamespacedPodAsync("shop", labelSelector: "app=core", cancellationToken: Cancelled)).Items.Single();

        using var socket = await kubernetes.WebSocketNamespacedPodPortForwardAsync(
            pod.Metadata.Name, "shop", [8080], WebSocketProtocol.V4BinaryWebsocketProtocol, cancellationToken: Cancelled);
        using var demultiplexer = new StreamDemuxer(socket, StreamType.PortForward);
        demultiplexer.Start();
        await using var stream = demultiplexer.GetStream((byte?)0, (byte?)0);
        await stream.WriteAsync("GET /who HTTP/1.1\r\nHost: core\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancelled);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains(pod.Metadata.Name, StringComparison.Ordinal) && await stream.ReadAsync(buffer, Cancelled) is > 0 and var count)
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        Assert.StartsWith("HTTP/1.1 200 OK", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains(pod.Metadata.Name, answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_a_pod_is_read_through_the_api()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitUntilReadyAsync();
        using var kubernetes = new Kubernetes(cluster.Embedded.CreateClientConfiguration());

        using var reader = new StreamReader(await kubernetes.CoreV1.ReadNamespacedPodLogAsync(
            cluster.PodsOf("core").Single().Metadata.Name, "shop", cancellationToken: Cancelled));

        Assert.Contains("Now listening on: http://[::]:8080", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_is_scaled_and_deleted_with_all_it_owns()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitUntilReadyAsync();
        using var kubernetes = new Kubernetes(cluster.Embedded.CreateClientConfiguration());

        await kubernetes.AppsV1.PatchNamespacedDeploymentScaleAsync(new V1Patch("""{"spec":{"replicas":2}}""", V1Patch.PatchType.MergePatch), "core", "shop", cancellationToken: Cancelled);
        await cluster.WaitForAsync<V1Deployment>(all => all.Single().Status?.AvailableReplicas == 2);
        await kubernetes.AppsV1.DeleteNamespacedDeploymentAsync("core", "shop", propagationPolicy: "Background", cancellationToken: Cancelled);
        await kubernetes.CoreV1.DeleteNamespacedServiceAsync("core", "shop", cancellationToken: Cancelled);

        await cluster.WaitForAsync<V1Pod>(all => all.Count == 0);
        await cluster.WaitForAsync<V1ReplicaSet>(all => all.Count == 0);
        await cluster.WaitForAsync<V1EndpointSlice>(all => all.Count == 0);
    }

    [Fact]
    public async Task A_namespace_goes_with_its_pods()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitUntilReadyAsync();
        using var kubernetes = new Kubernetes(cluster.Embedded.CreateClientConfiguration());

        await kubernetes.CoreV1.DeleteNamespaceAsync("shop", cancellationToken: Cancelled);

        await cluster.WaitForAsync<V1Namespace>(_ => cluster.Api.Get<V1Namespace>(null, "shop") is null);
        Assert.Empty(cluster.Api.List<V1Pod>());
        Assert.Empty(cluster.Listeners);
    }

    [Fact]
    public async Task A_folder_of_manifests_is_applied_again_and_again()
    {
        await using var cluster = await TestCluster.StartAsync();
        var folder = Directory.CreateTempSubdirectory("intercept-manifests-");
        try
        {
            await File.WriteAllTextAsync(Path.Join(folder.FullName, "1-core.yaml"), ShopYaml.App("core").Replace("namespace: shop", "namespace: other", StringComparison.Ordinal), Cancelled);
            await File.WriteAllTextAsync(Path.Join(folder.FullName, "2-namespace.yml"), "{ apiVersion: v1, kind: Namespace, metadata: { name: other } }", Cancelled);
            await File.WriteAllTextAsync(Path.Join(folder.FullName, "3-crd.yaml"), CustomResource, Cancelled);

            await cluster.Embedded.ApplyFilesAsync(folder.FullName, Cancelled);
            await cluster.Embedded.ApplyFilesAsync(folder.FullName, Cancelled);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await cluster.Embedded.WaitUntilReadyAsync("other", Cancelled);
        Assert.Single(cluster.Api.List<V1ReplicaSet>("other"));
        using var kubernetes = new Kubernetes(cluster.Embedded.CreateClientConfiguration());
        var thing = await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync("example.com", "v1", "default", "things", "one", Cancelled);
        Assert.Contains("\"colour\":\"red\"", thing.ToString()!.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_api_refuses_is_named()
    {
        await using var cluster = await TestCluster.StartAsync();

        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.ApplyAsync("{ apiVersion: example.com/v1, kind: Thing, metadata: { name: one } }"));
        var invalid = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.ApplyAsync("{ apiVersion: v1, kind: ConfigMap, metadata: { name: UPPER } }"));
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(() => cluster.Embedded.ApplyFilesAsync("/nowhere/at/all", Cancelled));

        Assert.Contains("no kind Thing in example.com/v1", unknown.Message, StringComparison.Ordinal);
        Assert.StartsWith("The YAML: ConfigMap UPPER could not be created: 422", invalid.Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere/at/all", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_in_vain_says_what_is_not_ready_and_why()
    {
        await using var cluster = await TestCluster.StartAsync(readyTimeout: TimeSpan.FromMilliseconds(10));
        await cluster.ApplyAsync(ShopYaml.Deployment("core", container: "env: [{ name: FAIL, value: throw }]") + ShopYaml.Deployment("leaf"));
        await cluster.WaitForAsync<V1Deployment>(all => all.Any(one => one is { Metadata.Name: "leaf", Status.AvailableReplicas: 1 }));
        await cluster.WaitForAsync<V1Pod>(all => all.Any(one => one.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CrashLoopBackOff"));

        var failure = await Assert.ThrowsAsync<TimeoutException>(cluster.WaitUntilReadyAsync);

        Assert.Contains("Deployment core: 0 of 1 available", failure.Message, StringComparison.Ordinal);
        Assert.Contains("(hop): ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("| Unhandled exception. System.InvalidOperationException: This program has been told to fail.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Deployment leaf", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_clusters_in_one_process_do_not_meet()
    {
        await using var one = await TestCluster.StartAsync();
        await using var other = await TestCluster.StartAsync();
        await one.ApplyAsync(ShopYaml.App("core") + ShopYaml.App("caller"));
        await other.ApplyAsync(ShopYaml.App("core") + ShopYaml.App("caller"));
        await Task.WhenAll(one.WaitUntilReadyAsync(), other.WaitUntilReadyAsync());

        foreach (var cluster in new[] { one, other })
        {
            using var caller = cluster.CreatePodClient("caller");
            Assert.EndsWith(cluster.PodsOf("core").Single().Metadata.Name, await caller.GetStringAsync("/fetch?url=http://core/who", Cancelled), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_request_without_the_token_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = cluster.Embedded.ApiServer.ToString(), AccessToken = "guessed" });

        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => kubernetes.CoreV1.ListNamespacedPodAsync("shop", cancellationToken: Cancelled));

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.Response.StatusCode);
    }

    private const string CustomResource =
        """
        apiVersion: example.com/v1
        kind: Thing
        metadata: { name: one, namespace: default }
        spec: { colour: red }
        ---
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: things.example.com }
        spec:
          group: example.com
          scope: Namespaced
          names: { plural: things, singular: thing, kind: Thing, listKind: ThingList }
          versions:
          - name: v1
            served: true
            storage: true
            schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
        """;
}
