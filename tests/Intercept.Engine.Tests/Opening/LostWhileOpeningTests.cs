using Intercept.Embedded.Faults;
using Intercept.Engine.Journal;
using Intercept.Engine.Tests.Worlds;

namespace Intercept.Engine.Tests.Opening;

/// <summary>A process that was stopped while it opened an intercept, and was taken for dead.</summary>
public sealed class LostWhileOpeningTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_was_closed_by_somebody_else_while_opening_is_told_that_it_lost_its_intercept()
    {
        var before = await world.SnapshotAsync();
        using var decoy = world.Faults.Add(new ApiFaultRule(ApiFault.Hang())
        {
            Calls = new ApiCallFilter { Verb = "create", Resource = "services" },
            Times = 1,
        });
        var opening = world.CreateEngine().OpenAsync(EngineWorld.Plan("test"), null, Token);
        await decoy.WaitForHitAsync(cancellationToken: Token);
        await world.Api.PatchStatusAsync<SessionResource>("shop", "intercept-shop-leaf", new { status = new { phase = nameof(SessionPhase.Closing) } }, Token);
        decoy.Release();

        var lost = await Assert.ThrowsAsync<InterceptLostException>(() => opening);

        Assert.Contains("is being closed by somebody else", lost.Message, StringComparison.Ordinal);
        Assert.Equal(before, await world.SnapshotAsync());
    }
}
