using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Residue;
using Intercept.Engine.Tests.Worlds;
using k8s.Models;

namespace Intercept.Engine.Tests.Journal;

/// <summary>The journal is the same as custom resource and as ConfigMap.</summary>
public sealed class JournalFormTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Forms => [nameof(JournalForm.CustomResource), nameof(JournalForm.ConfigMap)];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_Session_is_written_found_listed_and_deleted(string form)
    {
        var journal = await CreateJournalAsync();
        var session = await WriteAsync(form);

        var found = await journal.FindAsync(session.Spec.Nonce, Token);
        Assert.Equal(session.Participant, found?.Participant);
        Assert.Equal(session.Participant, Assert.Single(await journal.ListAsync(Token)).Participant);
        Assert.Equal(form, found?.Form.ToString());

        await journal.DeleteAsync(session, Token);
        Assert.Empty(await journal.ListAsync(Token));
        Assert.Null(await journal.FindAsync(session.Spec.Nonce, Token));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_beat_changes_the_heartbeat_alone_and_sees_what_others_wrote(string form)
    {
        var journal = await CreateJournalAsync();
        var session = await WriteAsync(form);
        await journal.SetPhaseAsync(session, SessionPhase.Active, "all is well", Token);

        var first = await journal.BeatAsync(session, Token);
        Assert.Equal(("Active", "all is well"), (first?.Status?.Phase, first?.Status?.Message));
        Assert.True(DateTimeOffset.TryParse(first?.Status?.Heartbeat, out _), first?.Status?.Heartbeat);

        await journal.MarkClosingAsync(session, Token);
        await Assert.ThrowsAsync<InterceptLostException>(() => journal.SetPhaseAsync(session, SessionPhase.Active, "still here", Token));
        var second = await journal.BeatAsync(session, Token);
        Assert.Equal(("Closing", null), (second?.Status?.Phase, second?.Status?.Message));
        Assert.Equal(second?.Status, (await journal.FindAsync(session.Spec.Nonce, Token))?.Status);

        await journal.DeleteAsync(session, Token);
        Assert.Null(await journal.BeatAsync(session, Token));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_Session_of_the_same_name_is_another_ones(string form)
    {
        var journal = await CreateJournalAsync();
        var first = await WriteAsync(form);
        await journal.DeleteAsync(first, Token);
        var second = await WriteAsync(form);

        await journal.DeleteAsync(first, Token);

        Assert.Null(await journal.BeatAsync(first, Token));
        Assert.Equal(second.Participant, Assert.Single(await journal.ListAsync(Token)).Participant);
        await journal.DeleteAsync(second, Token);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_Session_that_was_written_to_meanwhile_is_deleted_nonetheless(string form)
    {
        var journal = await CreateJournalAsync();
        var session = await WriteAsync(form);
        await journal.BeatAsync(session, Token);

        await journal.DeleteAsync(session, Token);

        Assert.Empty(await journal.ListAsync(Token));
    }

    [Fact]
    public async Task Writers_of_one_ConfigMap_lose_nothing_of_each_other()
    {
        var journal = await CreateJournalAsync();
        var session = await WriteAsync(nameof(JournalForm.ConfigMap));

        await Task.WhenAll(
            [.. Enumerable.Range(0, 8).Select(_ => journal.BeatAsync(session, Token)), journal.SetPhaseAsync(session, SessionPhase.Active, "by another", Token)]);

        var status = (await journal.FindAsync(session.Spec.Nonce, Token))?.Status;
        Assert.Equal(("Active", "by another"), (status?.Phase, status?.Message));
        Assert.NotNull(status?.Heartbeat);
        await journal.DeleteAsync(session, Token);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task One_that_can_not_be_read_is_named_and_keeps_nobody_from_intercepting(string form)
    {
        var broken = await WriteAsync(form, spec => spec with { Residue = spec.Residue with { Decoy = "no/name" } });
        var journal = await CreateJournalAsync();

        await using (var interception = await world.CreateEngine().OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
            var content = await journal.ReadAsync(Token);
            Assert.Equal(interception.SessionName, Assert.Single(content.Sessions).Metadata.Name);
            var unreadable = Assert.Single(content.Unreadable);
            Assert.Equal((broken.Metadata.Uid, form), (unreadable.Metadata.Uid, unreadable.Form.ToString()));
            Assert.Contains("no/name", unreadable.Reason, StringComparison.Ordinal);
        }

        await journal.DeleteAsync(broken, Token);
    }

    private async Task<SessionJournal> CreateJournalAsync()
    {
        await SessionDefinition.EnsureAsync(world.Api, Token);
        return new SessionJournal(world.Api, EngineWorld.Leaf, TimeProvider.System);
    }

    /// <summary>Writes a Session as if the cluster had the custom resource, or as if it had it not.</summary>
    private async Task<SessionResource> WriteAsync(string form, Func<SessionSpec, SessionSpec>? edit = null)
    {
        var service = (await world.Api.FindAsync<V1Service>("shop", "leaf", Token))!;
        var spec = SampleSession.Spec with { Nonce = SessionDraft.RandomHex(16) };
        var session = new SessionResource { Metadata = OwnedMetadata.For(service), Spec = edit?.Invoke(spec) ?? spec };
        session.Metadata.Name = InterceptNames.For(EngineWorld.Leaf).Session;
        await SessionDefinition.EnsureAsync(world.Api, Token);
        ISessionStore store = form == nameof(JournalForm.ConfigMap)
            ? new ConfigMapStore(world.Api, "shop")
            : new CustomResourceStore(world.Api, "shop");
        while (true)
        {
            try
            {
                return await store.CreateAsync(session, Token);
            }
            catch (ApiException exception) when (exception.IsNotFound)
            {
                // A definition that was installed a moment ago is not served yet.
                Token.ThrowIfCancellationRequested();
            }
        }
    }
}
