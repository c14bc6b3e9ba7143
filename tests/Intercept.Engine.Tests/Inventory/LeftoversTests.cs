using Intercept.Engine.Inventory;
using Intercept.Engine.Tests.Keeping;
using Intercept.Engine.Tests.Worlds;

namespace Intercept.Engine.Tests.Inventory;

/// <summary>A close or an opening that leaves something tells the commands that undo it, and they do.</summary>
public sealed class LeftoversTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private const string Heading = "To undo it by hand:";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_close_that_may_not_delete_tells_what_is_left_and_its_undo()
    {
        await using var colleague = await Colleague.CreateAsync(world, "undeletable");
        var forbidden = true;
        var engine = world.CreateEngine(_ => world.CreateLimitedApi(request => Volatile.Read(ref forbidden) && request.Method == HttpMethod.Delete));
        await using var interception = await engine.OpenAsync(Plan("undeletable"), null, Token);

        var failure = await Assert.ThrowsAsync<InterceptException>(() => interception.CloseAsync(Token));

        Assert.Contains("Service shop/undeletable is not hijacked; of ours there is:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Deployment interceptor-undeletable", failure.Message, StringComparison.Ordinal);
        await AssertUndoneByAsync(failure, colleague, "undeletable");
        Volatile.Write(ref forbidden, false);
    }

    [Fact]
    public async Task A_close_that_can_not_reach_the_Service_tells_the_undo_from_the_journal()
    {
        await using var colleague = await Colleague.CreateAsync(world, "unreachable");
        var forbidden = false;
        var engine = world.CreateEngine(_ => world.CreateLimitedApi(_ => Volatile.Read(ref forbidden)));
        await using var interception = await engine.OpenAsync(Plan("unreachable"), null, Token);
        Volatile.Write(ref forbidden, true);

        var failure = await Assert.ThrowsAsync<InterceptException>(() => interception.CloseAsync(Token));

        Assert.Contains("What is left could not be read", failure.Message, StringComparison.Ordinal);
        await AssertUndoneByAsync(failure, colleague, "unreachable");
        Volatile.Write(ref forbidden, false);
    }

    [Fact]
    public async Task An_opening_that_can_not_be_rolled_back_does_so_too()
    {
        await using var colleague = await Colleague.CreateAsync(world, "no-way-back");
        var forbidden = false;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var engine = world.CreateEngine(_ => world.CreateLimitedApi(request => Volatile.Read(ref forbidden) && request.Method != HttpMethod.Get));
        var atTheHijack = new Progress(step =>
        {
            if (step.Text.Contains("hijacked: its selector", StringComparison.Ordinal))
            {
                Volatile.Write(ref forbidden, true);
                cancellation.Cancel();
            }
        });

        var failure = await Assert.ThrowsAsync<InterceptException>(() => engine.OpenAsync(Plan("no-way-back"), atTheHijack, cancellation.Token));

        Assert.Contains("Service shop/no-way-back is still hijacked", failure.Message, StringComparison.Ordinal);
        await AssertUndoneByAsync(failure, colleague, "no-way-back");
    }

    private static InterceptPlan Plan(string service) => EngineWorld.Plan("x") with
    {
        Service = ServiceReference.Parse($"shop/{service}"),
        // Shorter than the time to live: the proxy's reaper must not be first.
        Timeouts = new InterceptTimeouts { Drain = TimeSpan.FromSeconds(1), Close = TimeSpan.FromSeconds(3) },
    };

    private async Task AssertUndoneByAsync(InterceptException failure, Colleague colleague, string service)
    {
        var lines = failure.Message.Split('\n').SkipWhile(line => line.Trim() != Heading).Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal));
        var (exitCode, output) = await KubectlRun.RunAsync(world, lines);

        Assert.True(exitCode == 0, $"{failure.Message}\n{output}");
        colleague.AssertNotOurs(await colleague.ReadAsync());
        await world.Api.WaitAsync<k8s.Models.V1Pod>("shop", $"{Labels.Service}={service}", found => found.Count == 0, Token);
        await world.Api.WaitAsync<k8s.Models.V1ReplicaSet>("shop", $"{Labels.Service}={service}", found => found.Count == 0, Token);
        var left = (await ClusterInventory.ReadAsync(world.Api, "shop", [], Token)).For(ServiceReference.Parse($"shop/{service}"));
        Assert.Empty(left.Objects.Select(item => $"{item.Kind} {item.Metadata.Name}"));
    }

    private sealed class Progress(Action<InterceptStep> report) : IProgress<InterceptStep>
    {
        public void Report(InterceptStep value) => report(value);
    }
}
