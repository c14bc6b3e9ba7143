using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using Intercept.Teardown.Tests.Kills;
using Intercept.Testing;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>Callers of a Service do not notice that an intercept of it is opened and closed, but for the requests that are marked.</summary>
[Collection(KillCollection.Name)]
public sealed class LoadTests(KillWorld world)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_an_intercept_comes_and_goes_every_request_has_one_answer_from_whom_it_should()
    {
        var service = await world.TakeServiceAsync();
        await using var watch = new ServiceWatch(world.Cluster, service);
        await using (var application = await TestApplication.StartAsync())
        {
            var begun = Stopwatch.GetTimestamp();
            await using var run = new LoadRun(world, service, application);
            await run.RunAsync(LoadSettings.Cycles, LoadSettings.Requests);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{LoadSettings.Cycles} times opened and closed in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s: {run.Books}"));
        }

        await watch.WaitUntilRestoredAsync(Token);
        await Residue.WaitUntilNoneAsync(world.Api, service, Token);
        world.GiveBack(service);
    }

    [Fact]
    public async Task A_WebSocket_from_before_the_intercept_outlives_it_and_one_through_the_proxy_is_ended_when_the_close_has_waited_for_it()
    {
        var service = await world.TakeServiceAsync();
        await using var application = await TestApplication.StartAsync();
        await using var cluster = await InterceptCluster.FromKubeconfigAsync(
            options: new InterceptClusterOptions { KubeconfigFile = world.Kubeconfig }, cancellationToken: Token);
        using var earlier = await SocketCaller.ConnectAsync(world, service, -1, null);
        await using var session = await cluster.InterceptAsync(
            $"{KillWorld.Namespace}/{service}",
            application.Server,
            new InterceptOptions { Timeouts = new InterceptTimeouts { Drain = TimeSpan.FromSeconds(1) } },
            Token);
        using var passed = await SocketCaller.ConnectAsync(world, service, -2, null);
        using var intercepted = await SocketCaller.ConnectAsync(world, service, -3, session.HeaderValue);
        Assert.Equal(("original", "original", "test"), (await SocketCaller.AskAsync(earlier, "1"), await SocketCaller.AskAsync(passed, "1"), await SocketCaller.AskAsync(intercepted, "1")));

        var closing = session.CloseAsync(Token);
        Assert.Equal(("original", "test"), (await SocketCaller.AskAsync(passed, "2"), await SocketCaller.AskAsync(intercepted, "2")));
        await closing;

        await Assert.ThrowsAsync<WebSocketException>(() => SocketCaller.AskAsync(passed, "3"));
        await Assert.ThrowsAsync<WebSocketException>(() => SocketCaller.AskAsync(intercepted, "3"));
        Assert.Equal("original", await SocketCaller.AskAsync(earlier, "3"));
        await earlier.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        await Residue.WaitUntilNoneAsync(world.Api, service, Token);
        world.GiveBack(service);
    }
}
