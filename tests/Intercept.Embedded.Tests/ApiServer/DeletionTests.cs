using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class DeletionTests
{
    private const string ConfigMaps = "/api/v1/namespaces/case-ns/configmaps";

    private const string Merge = "application/merge-patch+json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dependent_goes_only_when_the_last_of_its_owners_is_gone()
    {
        await using var api = await TestApi.StartAsync();
        var (one, two) = (await api.CreateConfigMapAsync("one"), await api.CreateConfigMapAsync("two"));
        await api.CreateConfigMapAsync("dep", null, Owner(one), Owner(two));
        await api.Client.DeleteNamespacedConfigMapAsync("one", TestApi.Space, cancellationToken: Token);
        await TestApi.UntilAsync(async () => (await api.Client.ReadNamespacedConfigMapAsync("dep", TestApi.Space, cancellationToken: Token)).OwnerReferences().Count == 1);
        await api.Client.DeleteNamespacedConfigMapAsync("two", TestApi.Space, cancellationToken: Token);
        await TestApi.UntilAsync(() => api.IsGoneAsync($"{ConfigMaps}/dep"));
    }

    [Fact]
    public async Task A_dependent_of_an_owner_that_never_was_goes_at_once()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("dep", null, new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "x", Uid = Guid.NewGuid().ToString() });
        await TestApi.UntilAsync(() => api.IsGoneAsync($"{ConfigMaps}/dep"));
    }

    [Fact]
    public async Task In_the_foreground_the_owner_waits_for_its_dependents()
    {
        await using var api = await TestApi.StartAsync();
        var owner = await api.CreateConfigMapAsync("owner");
        var reference = Owner(owner);
        reference.BlockOwnerDeletion = true;
        await api.CreateConfigMapAsync("dep", null, reference);
        await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/dep", JsonNode.Parse("""{"metadata":{"finalizers":["codezero.io/x"]}}"""), Merge);
        var (status, body) = await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/owner?propagationPolicy=Foreground");
        Assert.Equal(200, status);
        Assert.Equal("""["foregroundDeletion"]""", body["metadata"]!["finalizers"]!.ToJsonString());
        await TestApi.UntilAsync(async () => (await api.SendAsync(HttpMethod.Get, $"{ConfigMaps}/dep")).Body["metadata"]!["deletionTimestamp"] is not null);
        Assert.False(await api.IsGoneAsync($"{ConfigMaps}/owner"));

        await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/dep", JsonNode.Parse("""{"metadata":{"finalizers":null}}"""), Merge);
        await TestApi.UntilAsync(() => api.IsGoneAsync($"{ConfigMaps}/owner"));
        Assert.True(await api.IsGoneAsync($"{ConfigMaps}/dep"));
    }

    [Fact]
    public async Task Orphans_stay_and_lose_their_owner()
    {
        await using var api = await TestApi.StartAsync();
        var owner = await api.CreateConfigMapAsync("owner");
        await api.CreateConfigMapAsync("dep", null, Owner(owner));
        await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/owner?propagationPolicy=Orphan");
        await TestApi.UntilAsync(() => api.IsGoneAsync($"{ConfigMaps}/owner"));
        var left = await api.Client.ReadNamespacedConfigMapAsync("dep", TestApi.Space, cancellationToken: Token);
        Assert.Empty(left.OwnerReferences() ?? []);
    }

    [Fact]
    public async Task A_finalizer_keeps_an_object_until_it_is_taken_away()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("x");
        await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/x", JsonNode.Parse("""{"metadata":{"finalizers":["codezero.io/a"]}}"""), Merge);
        var (_, marked) = await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/x");
        Assert.Equal("ConfigMap", (string?)marked["kind"]);
        Assert.NotNull(marked["metadata"]!["deletionTimestamp"]);
        var (refused, _) = await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/x", JsonNode.Parse("""{"metadata":{"finalizers":["codezero.io/a","codezero.io/b"]}}"""), Merge);
        Assert.Equal(422, refused);
        var (removed, _) = await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/x", JsonNode.Parse("""{"metadata":{"finalizers":[]}}"""), Merge);
        Assert.Equal(200, removed);
        Assert.True(await api.IsGoneAsync($"{ConfigMaps}/x"));
    }

    [Fact]
    public async Task Preconditions_protect_another_object_of_the_same_name()
    {
        await using var api = await TestApi.StartAsync();
        var map = await api.CreateConfigMapAsync("x");
        var (uid, failure) = await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/x", JsonNode.Parse("""{"preconditions":{"uid":"other"}}"""));
        Assert.Equal((409, "Conflict"), (uid, (string?)failure["reason"]));
        var (version, _) = await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/x", JsonNode.Parse("""{"preconditions":{"resourceVersion":"1"}}"""));
        Assert.Equal(409, version);
        var (right, _) = await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/x", JsonNode.Parse($$"""{"preconditions":{"uid":"{{map.Uid()}}","resourceVersion":"{{map.ResourceVersion()}}"} }"""));
        Assert.Equal(200, right);
    }

    [Fact]
    public async Task A_namespace_takes_its_content_along_and_refuses_new()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("stuck");
        await api.Client.CreateNamespacedPodAsync(Samples.Pod("p"), TestApi.Space, cancellationToken: Token);
        await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/stuck", JsonNode.Parse("""{"metadata":{"finalizers":["codezero.io/x"]}}"""), Merge);
        var (status, body) = await api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/case-ns");
        Assert.Equal((200, "Terminating"), (status, (string?)body["status"]!["phase"]));
        await TestApi.UntilAsync(() => api.IsGoneAsync("/api/v1/namespaces/case-ns/pods/p"));
        await TestApi.UntilAsync(async () => (await api.SendAsync(HttpMethod.Get, "/api/v1/namespaces/case-ns")).Body["status"]!["conditions"] is not null);

        var (late, refused) = await api.SendAsync(HttpMethod.Post, ConfigMaps, JsonNode.Parse("""{"metadata":{"name":"late"}}"""));
        Assert.Equal(403, late);
        Assert.Equal("configmaps \"late\" is forbidden: unable to create new content in namespace case-ns because it is being terminated", (string?)refused["message"]);
        Assert.Equal("NamespaceTerminating", (string?)refused["details"]!["causes"]![0]!["reason"]);

        await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/stuck", JsonNode.Parse("""{"metadata":{"finalizers":null}}"""), Merge);
        await TestApi.UntilAsync(() => api.IsGoneAsync("/api/v1/namespaces/case-ns"));
        var (unknown, _) = await api.SendAsync(HttpMethod.Post, ConfigMaps, JsonNode.Parse("""{"metadata":{"name":"late"}}"""));
        Assert.Equal(404, unknown);
    }

    [Fact]
    public async Task A_pod_on_a_node_ends_in_grace_and_goes_with_the_kubelets_last_word()
    {
        await using var api = await TestApi.StartAsync();
        await api.Client.CreateNamespacedPodAsync(Samples.Pod("p", "node"), TestApi.Space, cancellationToken: Token);
        var pod = await api.Client.DeleteNamespacedPodAsync("p", TestApi.Space, cancellationToken: Token);
        Assert.NotNull(pod.Metadata.DeletionTimestamp);
        Assert.Equal(30, pod.Metadata.DeletionGracePeriodSeconds);
        Assert.False(await api.IsGoneAsync("/api/v1/namespaces/case-ns/pods/p"));
        Assert.True(api.Host.Api.Delete<V1Pod>(TestApi.Space, "p", pod.Uid()));
        Assert.True(await api.IsGoneAsync("/api/v1/namespaces/case-ns/pods/p"));
    }

    [Fact]
    public async Task A_collection_is_deleted_by_selector()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("a", new Dictionary<string, string> { ["x"] = "1" });
        await api.CreateConfigMapAsync("b", new Dictionary<string, string> { ["x"] = "2" });
        await api.Client.DeleteCollectionNamespacedConfigMapAsync(TestApi.Space, labelSelector: "x in (1,3)", cancellationToken: Token);
        Assert.True(await api.IsGoneAsync($"{ConfigMaps}/a"));
        Assert.False(await api.IsGoneAsync($"{ConfigMaps}/b"));
    }

    private static V1OwnerReference Owner(V1ConfigMap owner) => new() { ApiVersion = "v1", Kind = "ConfigMap", Name = owner.Name(), Uid = owner.Uid() };
}
