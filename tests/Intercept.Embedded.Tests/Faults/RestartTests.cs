using System.Net.Sockets;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;
using Microsoft.Extensions.Time.Testing;

namespace Intercept.Embedded.Tests.Faults;

public sealed class RestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_cuts_everything_and_keeps_address_and_objects()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        await using var watch = await WatchLines.OpenAsync(api, $"{FaultApi.ConfigMaps}?watch=true");
        await watch.NextAsync();
        await watch.NextAsync();
        using var hang = api.Faults.Add(new ApiFaultRule(ApiFault.Hang()) { Calls = FaultApi.Calls("patch") });
        var writing = api.WriteAsync("a", "1");
        await hang.WaitForHitAsync(cancellationToken: Token);

        await api.Host.RestartAsync(new ApiServerRestart(), Token);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => writing);
        await Assert.ThrowsAnyAsync<Exception>(watch.NextOrEndAsync);
        Assert.Equal("0", await api.ValueAsync("a"));
    }

    [Fact]
    public async Task A_restart_refuses_then_is_unavailable_then_forbids()
    {
        var time = new FakeTimeProvider();
        await using var api = await TestApi.StartAsync(time: time);
        await api.CreateAsync("a");
        var restart = new ApiServerRestart { Refusing = TimeSpan.FromSeconds(1), Unavailable = TimeSpan.FromSeconds(2), Forbidding = TimeSpan.FromSeconds(3) };

        var restarting = api.Host.RestartAsync(restart, Token);
        await TestApi.UntilAsync(() => RefusesAsync(api));
        await PassAsync(restart.Refusing, async () => !await RefusesAsync(api));
        Assert.Equal(503, (await api.ReadAsync("a")).Status);
        await PassAsync(restart.Unavailable, async () => (await api.ReadAsync("a")).Status != 503);
        var (status, body) = await api.ReadAsync("a");
        Assert.Equal((403, "forbidden: User \"embedded\" cannot get path \"/api/v1/namespaces/case-ns/configmaps/a\""), (status, (string?)body["message"]));
        Assert.False(restarting.IsCompleted);
        await PassAsync(restart.Forbidding, async () => (await api.ReadAsync("a")).Status == 200);

        await restarting;

        async Task PassAsync(TimeSpan phase, Func<Task<bool>> over)
        {
            // The server may take a moment to begin to wait; a clock that has passed already would not wake it.
            await TestApi.UntilAsync(async () =>
            {
                if (await over())
                {
                    return true;
                }

                time.Advance(phase / 10);
                return false;
            });
        }
    }

    [Fact]
    public async Task A_cancelled_restart_brings_the_server_back_at_once()
    {
        var time = new FakeTimeProvider();
        await using var api = await TestApi.StartAsync(time: time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var restarting = api.Host.RestartAsync(new ApiServerRestart { Refusing = TimeSpan.FromDays(1), Forbidding = TimeSpan.FromDays(1) }, enough.Token);
        await TestApi.UntilAsync(() => RefusesAsync(api));

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restarting);
        Assert.Equal(404, (await api.ReadAsync("a")).Status);
    }

    [Fact]
    public async Task The_end_of_the_cluster_ends_a_restart()
    {
        var time = new FakeTimeProvider();
        var cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { TimeProvider = time }, Token);
        var restarting = cluster.RestartApiServerAsync(new ApiServerRestart { Refusing = TimeSpan.FromDays(1) }, Token);

        await cluster.DisposeAsync();

        await restarting;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cluster.RestartApiServerAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Restarts_follow_each_other()
    {
        await using var api = await TestApi.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.Host.RestartAsync(new ApiServerRestart { Unavailable = TimeSpan.FromMilliseconds(1) }, Token)));

        Assert.Equal(404, (await api.ReadAsync("a")).Status);
    }

    private static async Task<bool> RefusesAsync(TestApi api)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", api.Host.Address.Port, Token);
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }
}
