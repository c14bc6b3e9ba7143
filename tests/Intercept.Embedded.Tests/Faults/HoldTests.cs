using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;
using Microsoft.Extensions.Time.Testing;

namespace Intercept.Embedded.Tests.Faults;

public sealed class HoldTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ApiCallPhase.Before, "0")]
    [InlineData(ApiCallPhase.After, "1")]
    public async Task A_call_hangs_until_it_is_released(ApiCallPhase phase, string meanwhile)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Hang(phase)) { Calls = FaultApi.Calls("patch") });

        var writing = api.WriteAsync("a", "1");
        await fault.WaitForHitAsync(cancellationToken: Token);
        Assert.Equal(meanwhile, await api.ValueAsync("a"));
        Assert.False(writing.IsCompleted);
        fault.Release();

        var (status, body) = await writing;
        Assert.Equal((200, "1"), (status, (string?)body["data"]!["a"]));
        var second = api.WriteAsync("a", "2");
        await fault.WaitForHitAsync(2, Token);
        fault.Dispose();
        Assert.Equal(200, (await second).Status);
    }

    [Theory]
    [InlineData(ApiCallPhase.Before)]
    [InlineData(ApiCallPhase.After)]
    public async Task A_call_is_held_for_a_time_of_the_clusters_clock(ApiCallPhase phase)
    {
        var time = new FakeTimeProvider();
        await using var api = await TestApi.StartAsync(time: time);
        await api.CreateAsync("a");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Delay(TimeSpan.FromMinutes(1), phase)) { Calls = FaultApi.Calls("get") });

        var reading = api.ReadAsync("a");
        await fault.WaitForHitAsync(cancellationToken: Token);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, (await reading).Status);
    }

    [Fact]
    public async Task A_held_call_does_not_arrive_when_its_client_has_gone()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Hang()) { Calls = FaultApi.Calls("patch") });

        await AbandonAsync(api, fault);
        await TestApi.UntilAsync(() => Task.FromResult(fault.Holding == 0));
        fault.Dispose();

        Assert.Equal("0", await api.ValueAsync("a"));
    }

    [Fact]
    public async Task A_late_call_arrives_though_its_client_has_gone()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.ArriveLate()) { Calls = FaultApi.Calls("patch") });

        await AbandonAsync(api, fault);
        Assert.Equal("0", await api.ValueAsync("a"));
        fault.Release();

        await TestApi.UntilAsync(async () => await api.ValueAsync("a") == "late");
    }

    [Fact]
    public async Task A_late_call_is_answered_where_its_client_waits()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.ArriveLate()) { Calls = FaultApi.Calls("patch") });

        var writing = api.WriteAsync("a", "late");
        await fault.WaitForHitAsync(cancellationToken: Token);
        fault.Release();

        Assert.Equal("late", (string?)(await writing).Body["data"]!["a"]);
    }

    [Fact]
    public async Task The_end_of_the_server_releases_what_hangs()
    {
        Task hanging;
        await using (var api = await TestApi.StartAsync())
        {
            var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Hang()));
            hanging = api.ReadAsync("a");
            await fault.WaitForHitAsync(cancellationToken: Token);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => hanging);
    }

    private static async Task AbandonAsync(TestApi api, InjectedFault fault)
    {
        using var client = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var content = new StringContent("""{"data":{"a":"late"}}""", System.Text.Encoding.UTF8, "application/merge-patch+json");
        var writing = api.Http.PatchAsync($"{FaultApi.ConfigMaps}/a", content, client.Token);
        await fault.WaitForHitAsync(cancellationToken: Token);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }
}
