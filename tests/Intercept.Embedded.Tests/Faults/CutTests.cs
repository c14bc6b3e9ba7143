using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;

namespace Intercept.Embedded.Tests.Faults;

public sealed class CutTests
{
    [Theory]
    [InlineData(ApiCallPhase.Before, "0")]
    [InlineData(ApiCallPhase.After, "1")]
    public async Task A_connection_is_cut_before_or_after_the_call_is_applied(ApiCallPhase phase, string value)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        using (var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Cut(phase)) { Calls = FaultApi.Calls("patch") }))
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => api.WriteAsync("a", "1"));

            Assert.Equal("a", (await fault.WaitForHitAsync(cancellationToken: TestContext.Current.CancellationToken)).Name);
        }

        Assert.Equal(value, await api.ValueAsync("a"));
        Assert.Equal(200, (await api.WriteAsync("a", "2")).Status);
    }

    [Fact]
    public async Task The_reply_to_a_long_list_is_lost_as_a_whole()
    {
        await using var api = await TestApi.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await api.CreateAsync($"a{i}");
        }

        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Cut(ApiCallPhase.After)) { Calls = FaultApi.Calls("list") });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => api.SendAsync(HttpMethod.Get, FaultApi.ConfigMaps));
    }

    [Fact]
    public async Task A_watch_has_no_reply_that_could_be_lost()
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.Cut(ApiCallPhase.After)) { Calls = FaultApi.Calls("watch") });
        await using var watch = await WatchLines.OpenAsync(api, $"{FaultApi.ConfigMaps}?watch=true");

        Assert.Equal("ADDED", (string?)(await watch.NextAsync())["type"]);
        Assert.Empty(fault.Hits);
    }
}
