using Intercept.Embedded.Faults;
using Intercept.Engine.Tests.Worlds;

namespace Intercept.Engine.Tests.Closing;

/// <summary>Who has restored the Service waits for new connections to arrive at the original pods. Somebody else may hijack it again before they do.</summary>
public sealed class CloseUnderNextHijackTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_the_Service_is_hijacked_again_the_close_ends_and_leaves_the_proxy_to_the_other()
    {
        var first = await world.CreateEngine().OpenAsync(EngineWorld.Plan("first") with { Timeouts = new InterceptTimeouts { Close = TimeSpan.FromSeconds(8) } }, null, Token);
        using var restored = world.Faults.Add(new ApiFaultRule(ApiFault.Hang(ApiCallPhase.After))
        {
            Calls = new ApiCallFilter { Verb = "patch", Resource = "services", Name = "leaf" },
            Times = 1,
        });
        var closing = first.CloseAsync(Token);
        await restored.WaitForHitAsync(cancellationToken: Token);
        var second = await world.CreateEngine().OpenAsync(EngineWorld.Plan("second"), null, Token);
        restored.Release();

        await closing;

        Assert.Equal("second", (await world.AskAsync(second.Rule)).Body);
        await second.CloseAsync(Token);
        var after = await world.SnapshotAsync();
        Assert.DoesNotContain("interceptor", after, StringComparison.Ordinal);
        Assert.DoesNotContain("codezero", after, StringComparison.Ordinal);
    }
}
