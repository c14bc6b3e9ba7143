using Intercept.Engine.Inventory;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Keeping;
using Intercept.Engine.Tests.Worlds;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Inventory;

/// <summary>The original Intercept's recipe for a clean-up by hand works on what we leave, and so do parts of it.</summary>
public sealed class HandCleanupTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_originals_recipe_leaves_nothing_that_has_an_effect_and_the_next_intercept_takes_the_rest()
    {
        await using var colleague = await Colleague.CreateAsync(world, "recipe", secondPort: true);
        var before = (await colleague.ReadAsync()).ToRouting();
        var session = await AbandonedIntercept.LeaveAsync(world, "recipe");

        await world.Client.CoreV1.PatchNamespacedServiceAsync(
            new V1Patch(session.Spec.RestoreService.Ops.ToJsonString(), V1Patch.PatchType.JsonPatch), "recipe", "shop", fieldManager: "kubectl-edit", cancellationToken: Token);
        await DeleteAsync<V1Service>("interceptor-recipe-decoy");
        await DeleteAsync<V1Deployment>("interceptor-recipe");
        await DeleteAsync<V1ConfigMap>("interceptor-recipe");
        await DeleteAsync<SessionResource>("intercept-shop-recipe");
        await world.Api.WaitAsync<V1ReplicaSet>("shop", $"{Labels.Service}=recipe", found => found.Count == 0, Token);

        var edited = await colleague.ReadAsync();
        Assert.Equal(before.Selector, edited.ToRouting().Selector);
        Assert.Equal(before.Ports, edited.ToRouting().Ports);
        var report = await world.CreateEngine().GetResidueAsync(["shop"], mine: false, Token);
        Assert.True(report.IsEmpty, report.ToString());
        Assert.False(Assert.Single(report.Services).IsHijacked);

        await using (var interception = await colleague.InterceptAsync())
        {
            Assert.Contains(interception.Timeline, step => step.Text.Contains("was deleted, and", StringComparison.Ordinal));
            Assert.True(KnownRecord.IsHijacked((await colleague.ReadAsync()).ToLive(), (await colleague.ReadAsync()).ReadRecord()!));
        }

        colleague.AssertNotOurs(await colleague.ReadAsync());
        Assert.Equal(before.Selector, (await colleague.ReadAsync()).ToRouting().Selector);
    }

    [Fact]
    public async Task A_Session_deleted_by_hand_leaves_a_hijacked_Service_that_the_next_intercept_heals()
    {
        await using var colleague = await Colleague.CreateAsync(world, "no-session");
        var before = (await colleague.ReadAsync()).ToRouting();
        await AbandonedIntercept.LeaveAsync(world, "no-session");
        await DeleteAsync<SessionResource>("intercept-shop-no-session");

        await using (await colleague.InterceptAsync())
        {
            Assert.Single((await colleague.ReadAsync()).ReadRecord()!.Participants);
        }

        colleague.AssertNotOurs(await colleague.ReadAsync());
        Assert.Equal(before.Selector, (await colleague.ReadAsync()).ToRouting().Selector);
        Assert.Empty((await AbandonedIntercept.ReadInventoryAsync(world)).For(ServiceReference.Parse("shop/no-session")).Objects);
    }

    [Fact]
    public async Task Claims_of_a_Session_that_is_gone_keep_nothing_alive()
    {
        await using var colleague = await Colleague.CreateAsync(world, "claims-only");
        var session = await AbandonedIntercept.LeaveAsync(world, "claims-only");
        var scope = new ServiceScope(world.Api, ServiceReference.Parse("shop/claims-only"), TimeProvider.System);
        await scope.Hijacker.LeaveAsync(session.Spec.Service, session.Participant, byOther: true, Token);
        await DeleteAsync<SessionResource>("intercept-shop-claims-only");

        await using (await colleague.InterceptAsync())
        {
            Assert.DoesNotContain(session.Participant, await scope.Decoy.ClaimsAsync(Token));
        }

        Assert.Empty((await AbandonedIntercept.ReadInventoryAsync(world)).For(ServiceReference.Parse("shop/claims-only")).Objects);
    }

    [Fact]
    public async Task A_living_participant_is_not_cut_off_by_the_healing()
    {
        await using var colleague = await Colleague.CreateAsync(world, "living");
        await using (await colleague.InterceptAsync(plan => plan with { Holder = "alive" }))
        {
            var ghost = await AbandonedIntercept.LeaveAsync(world, "living");
            await DeleteAsync<SessionResource>(ghost.Metadata.Name);
            var alive = (await colleague.ReadAsync()).ReadRecord()!.Participants[0];

            await using var next = await colleague.InterceptAsync();

            var participants = (await colleague.ReadAsync()).ReadRecord()!.Participants;
            Assert.Equal(alive, participants[0]);
            Assert.DoesNotContain(ghost.Participant, participants);
            Assert.Equal(2, participants.Count);
        }

        colleague.AssertNotOurs(await colleague.ReadAsync());
    }

    private async Task DeleteAsync<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        // As kubectl delete does: whatever its version is.
        var live = (await world.Api.FindAsync<T>("shop", name, Token))!;
        live.Metadata.ResourceVersion = null;
        Assert.True(await world.Api.DeleteAsync(live, Token));
    }
}
