using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class WorkloadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Deployment_gets_what_it_leaves_out()
    {
        await using var api = await TestApi.StartAsync();
        var deployment = await api.Client.CreateNamespacedDeploymentAsync(Samples.Deployment("web"), TestApi.Space, cancellationToken: Token);
        Assert.Equal(1, deployment.Spec.Replicas);
        Assert.Equal("RollingUpdate", deployment.Spec.Strategy.Type);
        Assert.Equal("25%", deployment.Spec.Strategy.RollingUpdate.MaxSurge.Value);
        Assert.Equal((600, 10), (deployment.Spec.ProgressDeadlineSeconds, deployment.Spec.RevisionHistoryLimit));
        var pod = deployment.Spec.Template.Spec;
        Assert.Equal(("Always", "ClusterFirst", "default-scheduler", 30L), (pod.RestartPolicy, pod.DnsPolicy, pod.SchedulerName, pod.TerminationGracePeriodSeconds));
        var container = Assert.Single(pod.Containers);
        Assert.Equal(("IfNotPresent", "TCP"), (container.ImagePullPolicy, Assert.Single(container.Ports).Protocol));
    }

    [Theory]
    [InlineData("""{"template":{"metadata":{"labels":{"app":"x"}}}}""", "spec.template.metadata.labels: Invalid value: {\"app\":\"x\"}: `selector` does not match template `labels`")]
    [InlineData("""{"replicas":-1}""", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"template":{"spec":{"restartPolicy":"Never"}}}""", "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    [InlineData("""{"template":{"spec":{"containers":[{"name":"c"}]}}}""", "spec.template.spec.containers[0].image: Required value")]
    public async Task A_mistake_in_a_Deployment_is_told_as_Kubernetes_tells_it(string spec, string expected)
    {
        await using var api = await TestApi.StartAsync();
        const string path = "/apis/apps/v1/namespaces/case-ns/deployments";
        await api.Client.CreateNamespacedDeploymentAsync(Samples.Deployment("web"), TestApi.Space, cancellationToken: Token);
        var (status, body) = await api.SendAsync(HttpMethod.Patch, $"{path}/web", new JsonObject { ["spec"] = JsonNode.Parse(spec) }, "application/merge-patch+json");
        Assert.Equal(422, status);
        Assert.Equal($"Deployment.apps \"web\" is invalid: {expected}", (string?)body["message"]);
    }

    [Fact]
    public async Task A_Deployment_is_scaled_through_its_sub_resource()
    {
        await using var api = await TestApi.StartAsync();
        await api.Client.CreateNamespacedDeploymentAsync(Samples.Deployment("web"), TestApi.Space, cancellationToken: Token);
        var scale = await api.Client.ReadNamespacedDeploymentScaleAsync("web", TestApi.Space, cancellationToken: Token);
        scale.Spec.Replicas = 3;
        await api.Client.ReplaceNamespacedDeploymentScaleAsync(scale, "web", TestApi.Space, cancellationToken: Token);
        var deployment = await api.Client.ReadNamespacedDeploymentAsync("web", TestApi.Space, cancellationToken: Token);
        Assert.Equal((3, 2L), (deployment.Spec.Replicas, deployment.Metadata.Generation));
    }

    [Fact]
    public async Task A_pod_runs_as_a_ServiceAccount_that_exists()
    {
        await using var api = await TestApi.StartAsync();
        var pod = await api.Client.CreateNamespacedPodAsync(Samples.Pod("p"), TestApi.Space, cancellationToken: Token);
        Assert.Equal(("default", "Pending", "BestEffort"), (pod.Spec.ServiceAccountName, pod.Status.Phase, pod.Status.QosClass));
        Assert.Equal("/var/run/secrets/kubernetes.io/serviceaccount", Assert.Single(pod.Spec.Containers[0].VolumeMounts).MountPath);

        var stranger = Samples.Pod("q");
        stranger.Spec.ServiceAccountName = "nobody";
        var refused = await TestApi.FailureAsync(() => api.Client.CreateNamespacedPodAsync(stranger, TestApi.Space, cancellationToken: Token), HttpStatusCode.Forbidden);
        Assert.Equal("pods \"q\" is forbidden: error looking up service account case-ns/nobody: serviceaccount \"nobody\" not found", refused.Message);
    }

    [Fact]
    public async Task The_status_of_a_pod_is_written_by_the_local_api_only_through_its_sub_resource()
    {
        await using var api = await TestApi.StartAsync();
        var local = api.Host.Api;
        var pod = await api.Client.CreateNamespacedPodAsync(Samples.Pod("p"), TestApi.Space, cancellationToken: Token);
        pod.Status.Phase = "Running";
        Assert.Equal("Pending", local.Update(pod).Status.Phase);
        var running = local.UpdateStatus(pod);
        Assert.Equal("Running", running.Status.Phase);
        Assert.NotEqual(pod.ResourceVersion(), running.ResourceVersion());
        Assert.Equal(["p"], local.List<V1Pod>(TestApi.Space, "app=p").Select(item => item.Name()));
        var selected = await api.Client.ListNamespacedPodAsync(TestApi.Space, fieldSelector: "status.phase=Running", cancellationToken: Token);
        Assert.Single(selected.Items);
        Assert.Null(local.Get<V1Pod>(TestApi.Space, "nope"));
        Assert.False(local.Delete<V1Pod>(TestApi.Space, "p", "another uid"));
    }

    [Fact]
    public async Task Limits_hold()
    {
        await using var api = await TestApi.StartAsync();
        const string path = "/api/v1/namespaces/case-ns/configmaps";
        var (big, failure) = await api.SendAsync(HttpMethod.Post, path, Map("data", 1024 * 1024 + 1));
        Assert.Equal((422, "ConfigMap \"a\" is invalid: []: Too long: may not be more than 1048576 bytes"), (big, (string?)failure["message"]));
        var (annotated, _) = await api.SendAsync(HttpMethod.Post, path, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "a", ["annotations"] = new JsonObject { ["a"] = new string('x', 256 * 1024) } },
        });
        Assert.Equal(422, annotated);
        var (huge, _) = await api.SendAsync(HttpMethod.Post, path, Map("data", 3 * 1024 * 1024));
        Assert.Equal(413, huge);

        static JsonObject Map(string field, int size) => new()
        {
            ["metadata"] = new JsonObject { ["name"] = "a" },
            [field] = new JsonObject { ["a"] = new string('x', size) },
        };
    }
}
