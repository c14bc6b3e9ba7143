using System.Net;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Residue;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>How the proxy's pod comes by its rights, and what happens where it can't.</summary>
public sealed class ReaperAccountTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private const string Name = "interceptor-leaf";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pod_has_an_account_with_rights_on_its_own_objects_only_and_they_go_with_the_intercept()
    {
        var before = await world.SnapshotAsync();
        await using var interception = await world.CreateEngine().OpenAsync(EngineWorld.Plan("x") with { RequireSelfHealing = true }, null, Token);

        var role = (await world.Api.FindAsync<V1Role>("shop", Name, Token))!;
        var configMap = (await world.Api.FindMetadataAsync<V1ConfigMap>("shop", Name, Token))!;
        Assert.Equal(
            [
                "services leaf get,list,watch,patch",
                "services interceptor-leaf-decoy get,patch,delete",
                "configmaps interceptor-leaf get,patch,delete",
                "deployments interceptor-leaf get,patch,delete",
                "sessions intercept-shop-leaf get,list,watch,patch,delete",
                "sessions/status intercept-shop-leaf patch",
                "configmaps intercept-shop-leaf get,patch,delete",
            ],
            role.Rules.Select(rule => $"{rule.Resources.Single()} {rule.ResourceNames.Single()} {string.Join(',', rule.Verbs)}"));
        Assert.Equal(configMap.Metadata.Uid, role.Metadata.OwnerReferences.Single().Uid);
        Assert.Equal(configMap.Metadata.Uid, (await world.Api.FindAsync<V1RoleBinding>("shop", Name, Token))!.Metadata.OwnerReferences.Single().Uid);
        Assert.Equal(configMap.Metadata.Uid, (await world.Api.FindAsync<V1ServiceAccount>("shop", Name, Token))!.Metadata.OwnerReferences.Single().Uid);
        Assert.Equal(Name, (await PodSpecAsync()).ServiceAccountName);

        await interception.CloseAsync(Token);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task Each_further_participant_is_added_to_the_role()
    {
        var before = await world.SnapshotAsync();
        var engine = world.CreateEngine();
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => engine.OpenAsync(EngineWorld.Plan("x"), null, Token)));

        var role = (await world.Api.FindAsync<V1Role>("shop", Name, Token))!;

        Assert.Equal(
            opened.Select(interception => interception.SessionName).Order(StringComparer.Ordinal),
            ReaperRole.SessionsOf(role).Order(StringComparer.Ordinal));
        foreach (var interception in opened)
        {
            await interception.CloseAsync(Token);
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task Rights_of_an_earlier_ConfigMap_make_room_for_new_ones()
    {
        var before = await world.SnapshotAsync();
        var old = await world.Api.CreateAsync(
            new V1Role
            {
                Metadata = new V1ObjectMeta
                {
                    Name = Name,
                    NamespaceProperty = "shop",
                    Labels = OwnedMetadata.LabelsFor("leaf"),
                },
                Rules = [],
            },
            Token);

        await using (await world.CreateEngine().OpenAsync(EngineWorld.Plan("x") with { RequireSelfHealing = true }, null, Token))
        {
            Assert.NotEqual(old.Metadata.Uid, (await world.Api.FindAsync<V1Role>("shop", Name, Token))!.Metadata.Uid);
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task Without_the_right_to_create_roles_the_intercept_opens_and_says_what_it_lacks()
    {
        var before = await world.SnapshotAsync();
        await using var interception = await world.CreateEngine(api => new WithoutRoles(api)).OpenAsync(EngineWorld.Plan("x"), null, Token);

        Assert.Contains(interception.Timeline, step => step.Text.StartsWith("self-healing is off: ", StringComparison.Ordinal));
        var session = (await world.Api.FindAsync<SessionResource>("shop", interception.SessionName, Token))!;
        Assert.StartsWith("self-healing is off: ", session.Status?.Message, StringComparison.Ordinal);
        Assert.Equal("Active", session.Status?.Phase);
        Assert.False((await PodSpecAsync()).AutomountServiceAccountToken);

        await interception.CloseAsync(Token);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task Where_self_healing_is_required_it_is_refused_then_and_nothing_is_left()
    {
        var before = await world.SnapshotAsync();

        var exception = await Assert.ThrowsAsync<InterceptException>(() => world
            .CreateEngine(api => new WithoutRoles(api)).OpenAsync(EngineWorld.Plan("x") with { RequireSelfHealing = true }, null, Token));

        Assert.Contains("needs get, create, patch and delete on serviceaccounts, roles and rolebindings", exception.Message, StringComparison.Ordinal);
        Assert.Contains("docs/rights.md", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_proxy_that_was_started_without_rights_is_no_self_healing_one_for_who_joins()
    {
        var before = await world.SnapshotAsync();
        await using var first = await world.CreateEngine().OpenAsync(EngineWorld.Plan("x") with { Reaper = false }, null, Token);

        var exception = await Assert.ThrowsAsync<InterceptException>(() => world.CreateEngine().OpenAsync(
            EngineWorld.Plan("x") with { RequireSelfHealing = true, Timeouts = new() { Tunnel = TimeSpan.FromSeconds(2) } }, null, Token));

        Assert.Contains("off: no --service-account", exception.Message, StringComparison.Ordinal);
        await first.CloseAsync(Token);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task An_account_that_an_administrator_put_there_is_used_as_it_is()
    {
        var account = await world.Api.CreateAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = "shop" } }, Token);
        var before = await world.SnapshotAsync();

        await using (await world.CreateEngine(api => new WithoutRoles(api)).OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
            Assert.Equal((Name, true), ((await PodSpecAsync()).ServiceAccountName, (await PodSpecAsync()).AutomountServiceAccountToken));
            Assert.Null(await world.Api.FindAsync<V1Role>("shop", Name, Token));
        }

        Assert.Equal(before, await world.SnapshotAsync());
        await world.Api.DeleteAsync(account, Token);
    }

    private async Task<V1PodSpec> PodSpecAsync() => (await world.Api.FindAsync<V1Deployment>("shop", Name, Token))!.Spec.Template.Spec;

    /// <summary>The API as an account sees it that may read roles and bindings, and not write them.</summary>
    private sealed class WithoutRoles(IClusterApi inner) : IClusterApi
    {
        public Task<T?> FindAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.FindAsync<T>(namespaceName, name, cancellationToken);

        public Task<T?> FindMetadataAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.FindMetadataAsync<T>(namespaceName, name, cancellationToken);

        public Task<IReadOnlyList<T>> ListAsync<T>(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.ListAsync<T>(namespaceName, labelSelector, cancellationToken);

        public Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => resource is V1Role or V1RoleBinding
                ? throw new ApiException("POST roles", HttpStatusCode.Forbidden, null, "cannot create resource \"roles\" in API group \"rbac.authorization.k8s.io\"")
                : inner.CreateAsync(resource, cancellationToken);

        public Task<T> PatchAsync<T>(string? namespaceName, string name, JsonPatch patch, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.PatchAsync<T>(namespaceName, name, patch, cancellationToken);

        public Task PatchStatusAsync<T>(string? namespaceName, string name, object mergePatch, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.PatchStatusAsync<T>(namespaceName, name, mergePatch, cancellationToken);

        public Task<bool> DeleteAsync<T>(T resource, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.DeleteAsync(resource, cancellationToken);

        public Task<IReadOnlyList<T>> WaitAsync<T>(
            string namespaceName, string? labelSelector, Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => inner.WaitAsync(namespaceName, labelSelector, condition, cancellationToken);
    }
}
