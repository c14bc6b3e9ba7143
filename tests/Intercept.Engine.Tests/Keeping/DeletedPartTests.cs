using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Reaping;
using Intercept.Engine.Tests.Worlds;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Keeping;

/// <summary>Somebody deletes what an intercept is made of, while it is open. A cluster of its own for each: some deletions are wide.</summary>
public sealed class DeletedPartTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();
    private string _before = string.Empty;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static InterceptNames Names { get; } = InterceptNames.For(EngineWorld.Leaf);

    public async ValueTask InitializeAsync()
    {
        await _world.InitializeAsync();
        _before = await _world.SnapshotAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public Task A_deleted_deployment_ends_all_intercepts_and_the_service_is_led_back() =>
        EndsAllAsync<V1Deployment>(Names.Interceptor, $"The proxy's Deployment {Names.Interceptor} was deleted by somebody else");

    [Fact]
    public Task A_deleted_decoy_ends_all_intercepts_and_the_service_is_led_back() =>
        EndsAllAsync<V1Service>(Names.Decoy, $"The decoy Service {Names.Decoy} was deleted by somebody else");

    [Fact]
    public async Task A_deleted_deployment_leads_the_service_back_though_another_participant_does_not_answer()
    {
        await using var mortal = new MortalEngine(_world);
        await mortal.OpenAsync(EngineWorld.Plan("mortal"));
        await using var interception = await _world.CreateEngine().OpenAsync(EngineWorld.Plan("living"), null, Token);
        mortal.Die();

        await DeleteAsync<V1Deployment>(Names.Interceptor);

        await WaitUntilRestoredAsync();
        await interception.DisposeAsync();
        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task A_deleted_config_map_leaves_the_intercept_at_work()
    {
        var plan = EngineWorld.Plan("intercepted");
        await using (var interception = await _world.CreateEngine().OpenAsync(plan, null, Token))
        {
            await DeleteAsync<V1ConfigMap>(Names.Interceptor);

            Assert.Equal("intercepted", (await _world.AskAsync(plan.Rule)).Body);
            Assert.False(interception.Lost.IsCompleted);
        }

        await _world.Api.WaitAsync<V1ServiceAccount>("shop", Labels.SelectAll, found => found.Count == 0, Token);
        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task A_deleted_definition_takes_the_sessions_along_and_the_service_is_restored()
    {
        await using (var interception = await OpenAsync())
        {
            await _world.Api.DeleteAsync(
                (await _world.Api.FindAsync<V1CustomResourceDefinition>(null, "sessions.system.codezero.io", Token))!, Token);

            var lost = await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));
            Assert.Contains("was deleted by somebody else", lost.Message, StringComparison.Ordinal);
        }

        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    [Fact]
    public async Task A_deleted_namespace_takes_everything_along_and_the_close_finds_nothing_to_do()
    {
        await using (var interception = await OpenAsync())
        {
            await _world.Api.DeleteAsync((await _world.Api.FindAsync<V1Namespace>(null, "shop", Token))!, Token);

            await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));
            await interception.CloseAsync(Token);
        }

        await _world.Api.WaitAsync<V1Service>("shop", null, found => found.Count == 0, Token);
        await _world.Api.WaitAsync<SessionResource>("shop", null, found => found.Count == 0, Token);
        await _world.Api.WaitAsync<V1Pod>("shop", null, found => found.Count == 0, Token);
    }

    private async Task EndsAllAsync<T>(string name, string words)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        await using (var first = await OpenAsync())
        await using (var second = await OpenAsync())
        {
            await DeleteAsync<T>(name);

            // The one that notices closes both, so that the other may hear of it first.
            var reasons = await Task.WhenAll(new[] { first, second }.Select(
                async interception => (await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token))).Message));
            Assert.Contains(reasons, reason => reason.StartsWith(words, StringComparison.Ordinal));
            await WaitUntilRestoredAsync();
        }

        Assert.Equal(_before, await _world.SnapshotAsync());
    }

    private Task<Interception> OpenAsync() =>
        _world.CreateEngine().OpenAsync(EngineWorld.Plan("intercepted") with { TimeToLive = TimeSpan.FromSeconds(3) }, null, Token);

    private async Task DeleteAsync<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await _world.Api.DeleteAsync((await _world.Api.FindAsync<T>("shop", name, Token))!, Token);

    private Task<IReadOnlyList<V1Service>> WaitUntilRestoredAsync() => _world.Api.WaitAsync<V1Service>(
        "shop", null, services => services.Any(service => service.Metadata.Name == "leaf" && service.ReadRecord() is null && service.Spec.Selector["app"] == "leaf"), Token);
}
