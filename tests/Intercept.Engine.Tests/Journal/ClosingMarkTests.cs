using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Worlds;
using k8s.Models;

namespace Intercept.Engine.Tests.Journal;

/// <summary>Who closes a participant that may still be opening marks its Session first; the opening must find that mark.</summary>
public sealed class ClosingMarkTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_opening_does_not_take_the_mark_of_a_closing_back() => AssertMarkStaysAsync(world.Api);

    [Fact]
    public Task An_opening_does_not_take_the_mark_of_a_closing_back_where_the_journal_is_a_ConfigMap() =>
        AssertMarkStaysAsync(world.CreateApiWithoutDefinitions());

    [Fact]
    public async Task A_participant_whose_Session_was_deleted_neither_marks_nor_keeps_alive_another_one_of_its_name()
    {
        var journal = new SessionJournal(world.Api, EngineWorld.Leaf, TimeProvider.System);
        var deleted = await WriteAsync(world.Api, journal);
        await journal.DeleteAsync(deleted, Token);
        var newcomer = await WriteAsync(world.Api, journal);
        Assert.Equal(deleted.Metadata.Name, newcomer.Metadata.Name);

        Assert.Null(await journal.BeatAsync(deleted, Token));
        await journal.SetPhaseAsync(deleted, SessionPhase.Prepared, null, Token);
        await journal.MarkClosingAsync(deleted, Token);

        var live = await journal.FindAsync(newcomer.Spec.Nonce, Token);
        Assert.Equal((null, null), (live!.Status?.Phase, live.Status?.Heartbeat));
        await journal.DeleteAsync(live, Token);
    }

    private static async Task<SessionResource> WriteAsync(IClusterApi api, SessionJournal journal)
    {
        var service = (await api.FindAsync<V1Service>("shop", "leaf", Token))!;
        var draft = SessionDraft.Create(service, EngineWorld.Plan("x"), InterceptNames.For(EngineWorld.Leaf), null, TimeProvider.System);
        return await journal.WriteAsync(draft, Token);
    }

    private static async Task AssertMarkStaysAsync(IClusterApi api)
    {
        var journal = new SessionJournal(api, EngineWorld.Leaf, TimeProvider.System);
        var session = await WriteAsync(api, journal);
        await journal.SetPhaseAsync(session, SessionPhase.Pending, null, Token);
        await journal.MarkClosingAsync(session, Token);

        await Assert.ThrowsAsync<InterceptLostException>(() => journal.SetPhaseAsync(session, SessionPhase.Prepared, null, Token));
        await journal.BeatAsync(session, Token);

        var live = await journal.FindAsync(session.Spec.Nonce, Token);
        Assert.True(live?.IsClosing);
        await journal.DeleteAsync(live!, Token);
    }
}
