using k8s.Models;

namespace Intercept.Embedded.Tests.Node;

public sealed class ContainerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PLAIN", "value")]
    [InlineData("SECTION:KEY", "nested")]
    [InlineData("FROM_CONFIG", "from the map")]
    [InlineData("FROM_SECRET", "from the secret")]
    [InlineData("ALL_A", "a of all")]
    [InlineData("NAMESPACE", "shop")]
    [InlineData("COMPOSED", "value and more")]
    [InlineData("argument", "given")]
    public async Task The_environment_of_the_pod_spec_is_the_configuration_of_the_program(string key, string expected)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: settings, namespace: shop }
            data: { key: from the map, A: a of all }
            ---
            apiVersion: v1
            kind: Secret
            metadata: { name: secrets, namespace: shop }
            stringData: { key: from the secret }
            ---

            """ + ShopYaml.Deployment("core", container:
            """
            args: ["--argument=given"]
            envFrom: [{ prefix: ALL_, configMapRef: { name: settings } }]
            env:
            - { name: PLAIN, value: value }
            - { name: SECTION__KEY, value: nested }
            - { name: COMPOSED, value: $(PLAIN) and more }
            - { name: FROM_CONFIG, valueFrom: { configMapKeyRef: { name: settings, key: key } } }
            - { name: FROM_SECRET, valueFrom: { secretKeyRef: { name: secrets, key: key } } }
            - { name: NAMESPACE, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }
            """));
        await cluster.WaitUntilReadyAsync();

        using var pod = cluster.CreatePodClient("core");

        Assert.Equal(expected, await pod.GetStringAsync($"/environment/{key}", Cancelled));
    }

    [Fact]
    public async Task Host_settings_of_the_environment_take_effect()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core", container: "env: [{ name: ASPNETCORE_ENVIRONMENT, value: Staging }, { name: ASPNETCORE_URLS, value: \"http://+:80\" }]"));
        await cluster.WaitUntilReadyAsync();

        using var pod = cluster.CreatePodClient(cluster.PodsOf("core").Single(), 80);

        Assert.StartsWith("Staging Intercept.Tests.Apps.Hop ", await pod.GetStringAsync("/contentroot", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_image_says_how_to_register_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core").Replace("image: hop", "image: shop/unknown:1", StringComparison.Ordinal));

        var pods = await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.ContainerStatuses: [{ State.Waiting.Reason: "ImagePullBackOff" }] }]);

        Assert.Equal("Pending", pods[0].Status.Phase);
        Assert.Contains("options.Images.Add<Program>(\"shop/unknown:1\")", pods[0].Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_throws_is_restarted_and_its_exception_is_shown()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core", container: "env: [{ name: FAIL, value: throw }]"));

        var pods = await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.ContainerStatuses: [{ State.Waiting.Reason: "CrashLoopBackOff", RestartCount: > 0 }] }]);

        var container = pods[0].Status.ContainerStatuses[0];
        Assert.Contains("This program has been told to fail.", container.State.Waiting.Message, StringComparison.Ordinal);
        Assert.Equal(134, container.LastState.Terminated.ExitCode);
        Assert.Contains("This program has been told to fail.", container.LastState.Terminated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_like_pod_ends_with_its_exit_code()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(
            """
            apiVersion: v1
            kind: Pod
            metadata: { name: once, namespace: shop }
            spec:
              restartPolicy: Never
              containers: [{ name: main, image: hop, env: [{ name: FAIL, value: exit }] }]
            """);

        var pods = await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.Phase: "Failed" }]);

        Assert.Equal(3, pods[0].Status.ContainerStatuses[0].State.Terminated.ExitCode);
    }

    [Fact]
    public async Task A_failing_liveness_probe_restarts_the_container()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core", container: "livenessProbe: { httpGet: { path: /healthz, port: 8080 }, periodSeconds: 1, failureThreshold: 1 }"));
        await cluster.WaitUntilReadyAsync();
        using (var pod = cluster.CreatePodClient("core"))
        {
            using var answer = await pod.PostAsync("/ready/false", null, Cancelled);
        }

        await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.ContainerStatuses: [{ RestartCount: 1, Ready: true }] }]);

        using var again = cluster.CreatePodClient("core");
        Assert.Equal(cluster.PodsOf("core").Single().Metadata.Name, await again.GetStringAsync("/who", Cancelled));
    }

    [Fact]
    public async Task A_missing_config_map_keeps_the_container_waiting_until_it_is_there()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment(
            "core",
            pod: "volumes: [{ name: files, configMap: { name: later } }]",
            container: "volumeMounts: [{ name: files, mountPath: /files }]"));
        await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.ContainerStatuses: [{ State.Waiting: { Reason: "ContainerCreating", Message: "configmap \"later\" not found" } }] }]);
        await cluster.WaitForAsync<Corev1Event>(all => all.Any(one => one.Reason == "FailedMount"));

        await cluster.ApplyAsync("{ apiVersion: v1, kind: ConfigMap, metadata: { name: later, namespace: shop }, data: { a: b } }");

        await cluster.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task The_log_of_a_pod_can_be_followed()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core"));
        await cluster.WaitUntilReadyAsync();
        using var pod = cluster.CreatePodClient("core");
        await using var log = cluster.ReadLogAsync(cluster.PodsOf("core").Single(), follow: true).GetAsyncEnumerator(Cancelled);

        using var answer = await pod.PostAsync("/log?text=hello", null, Cancelled);

        while (await log.MoveNextAsync() && log.Current != "      hello")
        {
        }

        Assert.Equal("      hello", log.Current);
    }

    [Fact]
    public async Task A_listener_on_the_pods_loopback_is_not_reached_from_outside()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(
            ShopYaml.Deployment("core", container: "env: [{ name: LOOPBACK_PORT, value: \"8041\" }, { name: PORT, value: \"8080\" }]")
            + ShopYaml.Service("loopback", "core", targetPort: "8041")
            + ShopYaml.Service("core", "core"));
        await cluster.WaitUntilReadyAsync();
        using var inside = cluster.CreatePodClient(cluster.PodsOf("core").Single(), 8041);
        using var outside = cluster.CreateServiceClient("loopback");

        Assert.NotEmpty(await inside.GetStringAsync("/who", Cancelled));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => outside.GetStringAsync("/who", Cancelled));
    }
}
