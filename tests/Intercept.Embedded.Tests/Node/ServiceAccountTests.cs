using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.Node;

/// <summary>A program in a pod that talks to the API server as its ServiceAccount.</summary>
public sealed class ServiceAccountTests
{
    private const string Caller =
        """
        env: [{ name: SERVICE_ACCOUNT, value: /var/run/secrets/kubernetes.io/serviceaccount }]
        """;

    private const string Grants =
        """
        { apiVersion: v1, kind: ServiceAccount, metadata: { name: x, namespace: shop } }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: x, namespace: shop }
        rules:
        - { apiGroups: [""], resources: [services], resourceNames: [leaf], verbs: [get, list, watch, patch] }
        - { apiGroups: [""], resources: [configmaps], verbs: [create] }
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: x, namespace: shop }
        subjects: [{ kind: ServiceAccount, name: x, namespace: shop }]
        roleRef: { kind: Role, name: x, apiGroup: rbac.authorization.k8s.io }
        ---

        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pod_does_what_its_role_grants_and_nothing_else()
    {
        await using var cluster = await StartAsync();
        using var pod = cluster.CreatePodClient("caller");

        Assert.Equal(200, (await CallAsync(pod, "GET", "/api/v1/namespaces/shop/services/leaf")).Status);
        Assert.Equal(200, (await CallAsync(pod, "PATCH", "/api/v1/namespaces/shop/services/leaf", """{"metadata":{"labels":{"a":"b"}}}""")).Status);
        Assert.Equal(200, (await CallAsync(pod, "GET", "/api/v1/namespaces/shop/services?fieldSelector=metadata.name%3Dleaf")).Status);
        Assert.Equal(201, (await CallAsync(pod, "POST", "/api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"made"}}""")).Status);

        var (status, body) = await CallAsync(pod, "PATCH", "/api/v1/namespaces/shop/services/caller", "{}");
        Assert.Equal(403, status);
        Assert.Equal("services \"caller\" is forbidden: User \"system:serviceaccount:shop:x\" cannot patch resource \"services\" in API group \"\" in the namespace \"shop\"", (string?)body["message"]);
        Assert.Equal(403, (await CallAsync(pod, "GET", "/api/v1/namespaces/shop/services")).Status);
        Assert.Equal(403, (await CallAsync(pod, "GET", "/api/v1/namespaces/shop/services?fieldSelector=metadata.name%3Dcaller")).Status);
        Assert.Equal(403, (await CallAsync(pod, "GET", "/api/v1/namespaces/default/services/leaf")).Status);
        Assert.Equal(403, (await CallAsync(pod, "DELETE", "/api/v1/namespaces/shop/services/leaf")).Status);
    }

    [Fact]
    public async Task The_token_dies_with_its_pod_but_not_before()
    {
        await using var cluster = await StartAsync();
        string token;
        using (var pod = cluster.CreatePodClient("caller"))
        {
            token = await pod.GetStringAsync("/file?name=token", Cancelled);
        }

        using var kubernetes = new Kubernetes(cluster.Embedded.CreateClientConfiguration());
        await PatchAsync("""{"metadata":{"finalizers":["example.com/stay"]}}""");
        cluster.Api.Delete<V1Deployment>("shop", "caller");
        await cluster.WaitForAsync<V1Pod>(all => all is [{ Metadata.DeletionTimestamp: not null }]);
        Assert.Equal(200, await StatusAsync(cluster, token));

        await PatchAsync("""{"metadata":{"finalizers":null}}""");
        await cluster.WaitForAsync<V1Pod>(all => all.Count == 0);

        Assert.Equal(401, await StatusAsync(cluster, token));

        Task PatchAsync(string patch) => kubernetes.CoreV1.PatchNamespacedPodAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), cluster.PodsOf("caller").Single().Metadata.Name, "shop", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task The_token_dies_with_its_service_account()
    {
        await using var cluster = await StartAsync();
        using var pod = cluster.CreatePodClient("caller");

        cluster.Api.Delete<V1ServiceAccount>("shop", "x");

        Assert.Equal(401, (await CallAsync(pod, "GET", "/version")).Status);
    }

    [Fact]
    public async Task The_folder_has_the_namespace_and_a_certificate_file()
    {
        await using var cluster = await StartAsync();
        using var pod = cluster.CreatePodClient("caller");

        Assert.Equal("shop", await pod.GetStringAsync("/file?name=namespace", Cancelled));
        Assert.Equal("", await pod.GetStringAsync("/file?name=ca.crt", Cancelled));
        Assert.Equal(cluster.Embedded.ApiServer.Host, await pod.GetStringAsync("/environment/KUBERNETES_SERVICE_HOST", Cancelled));
    }

    [Theory]
    [InlineData("false", null)]
    [InlineData("true", "false")]
    public async Task A_pod_without_automounting_has_no_token(string account, string? pod)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(
            $$"""{ apiVersion: v1, kind: ServiceAccount, metadata: { name: x, namespace: shop }, automountServiceAccountToken: {{account}} }""");
        await cluster.ApplyAsync(ShopYaml.Deployment(
            "caller", container: Caller, pod: "serviceAccountName: x" + (pod is null ? "" : $"\nautomountServiceAccountToken: {pod}")));
        await cluster.WaitUntilReadyAsync();
        using var client = cluster.CreatePodClient("caller");

        Assert.Equal("/var/run/secrets/kubernetes.io/serviceaccount", await client.GetStringAsync("/environment/SERVICE_ACCOUNT", Cancelled));
        Assert.Null(cluster.PodsOf("caller").Single().Spec.Volumes);
    }

    [Fact]
    public async Task A_review_says_what_the_request_would_meet()
    {
        await using var cluster = await StartAsync();
        using var pod = cluster.CreatePodClient("caller");

        Assert.Equal(
            """{"allowed":true,"reason":"RBAC: allowed by RoleBinding \u0022x/shop\u0022 of Role \u0022x\u0022 to ServiceAccount \u0022x/shop\u0022"}""",
            await ReviewAsync("""{"namespace":"shop","verb":"patch","resource":"services","name":"leaf"}"""));
        Assert.Equal("""{"allowed":false}""", await ReviewAsync("""{"namespace":"shop","verb":"patch","resource":"services"}"""));
        Assert.Equal("""{"allowed":false}""", await ReviewAsync("""{"namespace":"shop","verb":"create","resource":"services","name":"leaf"}"""));

        async Task<string> ReviewAsync(string attributes)
        {
            var body = "{\"spec\":{\"resourceAttributes\":" + attributes + "}}";
            return (await CallAsync(pod, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body)).Body["status"]!.ToJsonString();
        }
    }

    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(Grants + ShopYaml.Service("leaf", "leaf") + ShopYaml.Service("caller", "caller")
            + ShopYaml.Deployment("caller", container: Caller, pod: "serviceAccountName: x"));
        await cluster.WaitUntilReadyAsync();
        return cluster;
    }

    private static async Task<(int Status, JsonObject Body)> CallAsync(HttpClient pod, string method, string path, string? body = null)
    {
        var url = $"/kubernetes?method={method}&path={Uri.EscapeDataString(path)}" + (body is null ? "" : $"&body={Uri.EscapeDataString(body)}");
        var answer = await pod.GetStringAsync(url, Cancelled);
        return (int.Parse(answer[..3], System.Globalization.CultureInfo.InvariantCulture), JsonNode.Parse(answer[4..])!.AsObject());
    }

    private static async Task<int> StatusAsync(TestCluster cluster, string token)
    {
        using var client = new HttpClient { BaseAddress = cluster.Embedded.ApiServer };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync("/version", Cancelled);
        return (int)response.StatusCode;
    }
}
