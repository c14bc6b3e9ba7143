using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class PatchTests
{
    private const string Services = "/api/v1/namespaces/case-ns/services";

    private const string JsonPatch = "application/json-patch+json";

    private const string Strategic = "application/strategic-merge-patch+json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_json_patch_swaps_a_selector_only_while_its_test_holds()
    {
        await using var api = await StartWithServiceAsync();
        var swap = new V1Patch("""[{"op":"test","path":"/spec/selector","value":{"app":"web"}},{"op":"replace","path":"/spec/selector","value":{"app":"interceptor"}}]""", V1Patch.PatchType.JsonPatch);
        var patched = await api.Client.PatchNamespacedServiceAsync(swap, "web", TestApi.Space, cancellationToken: Token);
        Assert.Equal("interceptor", patched.Spec.Selector["app"]);

        var again = await TestApi.FailureAsync(() => api.Client.PatchNamespacedServiceAsync(swap, "web", TestApi.Space, cancellationToken: Token), HttpStatusCode.UnprocessableEntity);
        Assert.Equal("the server rejected our request due to an error in our request", again.Message);
        Assert.Equal("Invalid", again.Reason);
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"/spec/nope/x","value":1}]""")]
    [InlineData("""[{"op":"remove","path":"/spec/ports/9"}]""")]
    [InlineData("""[{"op":"replace","path":"/metadata/annotations/x","value":"y"}]""")]
    [InlineData("""[{"op":"frob","path":"/spec/type","value":1}]""")]
    [InlineData("""[{"op":"test","path":"/spec/ports/0/port","value":"80"}]""")]
    public async Task A_json_patch_that_leads_nowhere_is_refused_and_changes_nothing(string patch)
    {
        await using var api = await StartWithServiceAsync();
        var before = (await api.SendAsync(HttpMethod.Get, $"{Services}/web")).Body;
        var (status, _) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", JsonNode.Parse(patch), JsonPatch);
        Assert.Equal(422, status);
        Assert.True(JsonNode.DeepEquals(before, (await api.SendAsync(HttpMethod.Get, $"{Services}/web")).Body));
    }

    [Fact]
    public async Task A_json_patch_with_a_stale_resourceVersion_conflicts()
    {
        await using var api = await StartWithServiceAsync();
        var patch = JsonNode.Parse("""[{"op":"replace","path":"/metadata/resourceVersion","value":"2"},{"op":"add","path":"/metadata/labels/x","value":"y"}]""");
        var (status, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", patch, JsonPatch);
        Assert.Equal(409, status);
        Assert.Equal("Operation cannot be fulfilled on services \"web\": the object has been modified; please apply your changes to the latest version and try again", (string?)body["message"]);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_keeps_the_version()
    {
        await using var api = await StartWithServiceAsync();
        var before = await api.Client.ReadNamespacedServiceAsync("web", TestApi.Space, cancellationToken: Token);
        var patch = new V1Patch("""{"spec":{"selector":{"app":"web"}}}""", V1Patch.PatchType.MergePatch);
        var after = await api.Client.PatchNamespacedServiceAsync(patch, "web", TestApi.Space, fieldManager: "someone", cancellationToken: Token);
        Assert.Equal(before.ResourceVersion(), after.ResourceVersion());
    }

    [Fact]
    public async Task A_merge_patch_removes_with_null_and_replaces_lists()
    {
        await using var api = await StartWithServiceAsync();
        var (status, body) = await api.SendAsync(
            HttpMethod.Patch,
            $"{Services}/web",
            JsonNode.Parse("""{"metadata":{"labels":{"app":null,"b":"c"}},"spec":{"ports":[{"port":81}]}}"""),
            "application/merge-patch+json");
        Assert.Equal(200, status);
        Assert.Equal("""{"b":"c"}""", body["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("""[{"port":81,"protocol":"TCP","targetPort":81}]""", body["spec"]!["ports"]!.ToJsonString());
    }

    [Fact]
    public async Task A_strategic_patch_merges_ports_by_their_number()
    {
        await using var api = await StartWithServiceAsync();
        var (_, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", JsonNode.Parse("""{"spec":{"ports":[{"port":80,"targetPort":9090}]}}"""), Strategic);
        Assert.Equal("""[{"name":"http","port":80,"targetPort":9090,"protocol":"TCP"}]""", body["spec"]!["ports"]!.ToJsonString());
        (_, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", JsonNode.Parse("""{"spec":{"ports":[{"name":"admin","port":81}]}}"""), Strategic);
        Assert.Equal(2, body["spec"]!["ports"]!.AsArray().Count);
        (_, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", JsonNode.Parse("""{"spec":{"ports":[{"$patch":"delete","port":80}]}}"""), Strategic);
        Assert.Equal(81, (int)body["spec"]!["ports"]!.AsArray().Single()!["port"]!);
        (_, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", JsonNode.Parse("""{"spec":{"selector":{"$patch":"replace","x":"y"}}}"""), Strategic);
        Assert.Equal("""{"x":"y"}""", body["spec"]!["selector"]!.ToJsonString());
    }

    [Fact]
    public async Task A_strategic_patch_merges_containers_and_their_environment_by_name()
    {
        await using var api = await TestApi.StartAsync();
        await api.Client.CreateNamespacedDeploymentAsync(Samples.Deployment("web"), TestApi.Space, cancellationToken: Token);
        var patch = new V1Patch("""{"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"VERSION","value":"v2"},{"name":"NEW","value":"n"}]}]}}}}""", V1Patch.PatchType.StrategicMergePatch);
        var patched = await api.Client.PatchNamespacedDeploymentAsync(patch, "web", TestApi.Space, cancellationToken: Token);
        var container = Assert.Single(patched.Spec.Template.Spec.Containers);
        Assert.Equal("test/web:1", container.Image);
        Assert.Equal(["VERSION=v2", "NEW=n"], container.Env.Select(variable => $"{variable.Name}={variable.Value}"));
        Assert.Equal(2, patched.Metadata.Generation);
    }

    [Fact]
    public async Task An_unknown_patch_type_is_refused()
    {
        await using var api = await StartWithServiceAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web", new JsonObject());
        Assert.Equal(415, status);
        Assert.Equal("UnsupportedMediaType", (string?)body["reason"]);
    }

    [Fact]
    public async Task A_dry_run_answers_but_stores_nothing()
    {
        await using var api = await StartWithServiceAsync();
        var (status, body) = await api.SendAsync(HttpMethod.Patch, $"{Services}/web?dryRun=All", JsonNode.Parse("""{"metadata":{"labels":{"app":"other"}}}"""), Strategic);
        Assert.Equal(200, status);
        Assert.Equal("other", (string?)body["metadata"]!["labels"]!["app"]);
        Assert.Equal("web", (string?)(await api.SendAsync(HttpMethod.Get, $"{Services}/web")).Body["metadata"]!["labels"]!["app"]);
    }

    [Fact]
    public async Task ManagedFields_tell_who_changed_what()
    {
        await using var api = await StartWithServiceAsync();
        var patch = new V1Patch("""{"spec":{"selector":{"app":"other"}}}""", V1Patch.PatchType.MergePatch);
        var patched = await api.Client.PatchNamespacedServiceAsync(patch, "web", TestApi.Space, fieldManager: "argocd", cancellationToken: Token);
        var entry = Assert.Single(patched.Metadata.ManagedFields, manager => manager.Manager == "argocd");
        Assert.Equal("Update", entry.Operation);
        Assert.Equal("""{"f:spec":{"f:selector":{}}}""", KubernetesJson.Serialize(entry.FieldsV1));
        var creator = Assert.Single(patched.Metadata.ManagedFields, manager => manager.Manager == "recorder");
        Assert.DoesNotContain("f:selector", KubernetesJson.Serialize(creator.FieldsV1), StringComparison.Ordinal);
        Assert.Contains("""k:{\"port\":80,\"protocol\":\"TCP\"}""", KubernetesJson.Serialize(creator.FieldsV1).Replace("\\u0022", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_side_apply_creates_merges_conflicts_and_takes_over_by_force()
    {
        await using var api = await TestApi.StartAsync();
        const string path = "/api/v1/namespaces/case-ns/configmaps/cm1";
        var (created, _) = await ApplyAsync("one", """{"a":"1","b":"1"}""");
        Assert.Equal(201, created);

        var (conflict, failure) = await ApplyAsync("two", """{"a":"2"}""");
        Assert.Equal(409, conflict);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .data.a", (string?)failure["message"]);

        var (forced, body) = await ApplyAsync("two", """{"a":"2"}""", "&force=true");
        Assert.Equal(200, forced);
        Assert.Equal("""{"a":"2","b":"1"}""", body["data"]!.ToJsonString());

        // What one applied before and leaves out now goes; what two owns by now stays.
        (_, body) = await ApplyAsync("one", """{"c":"3"}""");
        Assert.Equal("""{"a":"2","c":"3"}""", body["data"]!.ToJsonString());

        Task<(int Status, JsonObject Body)> ApplyAsync(string manager, string data, string more = "") => api.SendAsync(
            HttpMethod.Patch,
            $"{path}?fieldManager={manager}{more}",
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = "cm1" }, ["data"] = JsonNode.Parse(data) },
            "application/apply-patch+yaml");
    }

    private static async Task<TestApi> StartWithServiceAsync()
    {
        var api = await TestApi.StartAsync();
        var (status, _) = await api.SendAsync(HttpMethod.Post, Services, JsonNode.Parse(
            """{"metadata":{"name":"web","labels":{"app":"web"}},"spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":8080}]}}"""));
        Assert.Equal(201, status);
        return api;
    }
}
