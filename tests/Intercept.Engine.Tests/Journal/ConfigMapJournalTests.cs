using System.Text.Json.Nodes;
using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Worlds;
using k8s.Models;

namespace Intercept.Engine.Tests.Journal;

/// <summary>Intercepts where the custom resource is missing and may not be installed.</summary>
public sealed class ConfigMapJournalTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_journal_is_a_ConfigMap_that_is_written_once_and_owned_by_the_Service()
    {
        var before = await world.SnapshotAsync();
        var plan = EngineWorld.Plan("x");
        await using (var interception = await CreateEngine().OpenAsync(plan, null, Token))
        {
            var journal = (await world.Api.FindAsync<V1ConfigMap>("shop", interception.SessionName, Token))!;
            Assert.Equal("intercept-shop-leaf", journal.Metadata.Name);
            Assert.True(journal.Immutable);
            Assert.Equal("intercept", journal.Metadata.Labels["app.kubernetes.io/managed-by"]);
            Assert.Equal("true", journal.Metadata.Labels["system.codezero.io/journal"]);
            Assert.Equal(("Service", "leaf"), (journal.Metadata.OwnerReferences.Single().Kind, journal.Metadata.OwnerReferences.Single().Name));
            Assert.Contains(plan.Rule.Value, journal.Data["session.json"], StringComparison.Ordinal);
            Assert.NotNull(JsonNode.Parse(journal.Data["session.json"])!["spec"]!["restore-service"]);
            Assert.Contains("\"phase\":\"Active\"", journal.Metadata.Annotations["system.codezero.io/status"], StringComparison.Ordinal);
            Assert.Equal("x", (await world.AskAsync(plan.Rule)).Body);
            Assert.Empty(await world.Api.ListAsync<SessionResource>("shop", null, Token));
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_claimed_value_is_refused_and_another_one_joins()
    {
        var before = await world.SnapshotAsync();
        var plan = EngineWorld.Plan("first");
        await using (await CreateEngine().OpenAsync(plan, null, Token))
        {
            await Assert.ThrowsAsync<InterceptClaimedException>(() => CreateEngine().OpenAsync(EngineWorld.Plan("second", plan.Rule), null, Token));
            await using var third = await CreateEngine().OpenAsync(EngineWorld.Plan("third"), null, Token);
            Assert.Equal(2, (await Journal.ListAsync(Token)).Count);
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task Sessions_of_both_kinds_see_each_other()
    {
        var before = await world.SnapshotAsync();
        var (alice, bob) = (EngineWorld.Plan("alice"), EngineWorld.Plan("bob"));
        await using (var early = await CreateEngine().OpenAsync(alice, null, Token))
        {
            // This account may install the definition, so that its Session is a custom resource.
            await using var late = await world.CreateEngine().OpenAsync(bob, null, Token);

            Assert.Equal(
                [JournalForm.CustomResource, JournalForm.ConfigMap], (await Journal.ListAsync(Token)).Select(session => session.Form));
            await Assert.ThrowsAsync<InterceptClaimedException>(() => world.CreateEngine().OpenAsync(alice, null, Token));
            Assert.Equal(2, (await Journal.ListAsync(Token)).DistinctBy(session => session.Metadata.Name).Count());
            await early.CloseAsync(Token);
            Assert.Equal("bob", (await world.AskAsync(bob.Rule)).Body);
        }

        Assert.Equal(before, await world.SnapshotAsync());
        await RemoveDefinitionAsync();
    }

    [Fact]
    public async Task What_a_process_that_ended_left_is_closed_by_the_next_one()
    {
        var before = await world.SnapshotAsync();
        var journal = Journal;
        SessionResource orphan;
        await using (await CreateEngine().OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
            var own = Assert.Single(await journal.ListAsync(Token));
            own.Metadata.Name += "-orphan";
            orphan = await new ConfigMapStore(world.Api, "shop").CreateAsync(
                new SessionResource
                {
                    Metadata = own.Metadata,
                    Spec = own.Spec with { Nonce = "0123456789abcdef", Holder = own.Spec.Holder with { ProcessStarted = "1" } },
                },
                Token);
        }

        Assert.Equal(orphan.Participant, Assert.Single(await journal.ListAsync(Token)).Participant);
        await using (await CreateEngine().OpenAsync(EngineWorld.Plan("y"), null, Token))
        {
            Assert.DoesNotContain(orphan.Participant, (await journal.ListAsync(Token)).Select(session => session.Participant));
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_call_whose_answer_is_lost_leaves_nothing()
    {
        var before = await world.SnapshotAsync();
        FaultyApi? counter = null;
        await using (await world
            .CreateEngine(_ => counter = new FaultyApi(world.CreateApiWithoutDefinitions(), failingCall: -1, Fault.AfterItWasApplied))
            .OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
            Assert.InRange(counter!.Calls, 15, 100);
        }

        var failures = 0;
        for (var call = 1; call <= 12; call++)
        {
            var api = new FaultyApi(world.CreateApiWithoutDefinitions(), call, Fault.AfterItWasApplied);
            var failure = await Record.ExceptionAsync(async () =>
            {
                // The two calls that are refused anyway, for the definition and for its resource, have no answer to lose.
                await using var interception = await world.CreateEngine(_ => api).OpenAsync(EngineWorld.Plan("x"), null, Token);
            });

            failures += failure is InterceptException ? 1 : 0;
            Assert.Equal(before, await world.SnapshotAsync());
        }

        // Calls of the heartbeat may stand among them, and fail without the opening.
        Assert.InRange(failures, 5, 12);
    }

    private SessionJournal Journal => new(world.Api, EngineWorld.Leaf, TimeProvider.System);

    private InterceptEngine CreateEngine() => world.CreateEngine(_ => world.CreateApiWithoutDefinitions());

    private async Task RemoveDefinitionAsync()
    {
        const string name = "sessions.system.codezero.io";
        await world.Api.DeleteAsync((await world.Api.FindAsync<V1CustomResourceDefinition>(null, name, Token))!, Token);
        await world.Api.WaitAsync<V1CustomResourceDefinition>(null!, null, found => found.All(item => item.Metadata.Name != name), Token);
    }
}
