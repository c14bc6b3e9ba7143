using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;

namespace Intercept.Embedded.Tests.Faults;

public sealed class StaleReadTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "0")]
    public async Task An_object_is_read_as_it_was_some_changes_ago(int changes, string expected)
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        await api.WriteAsync("a", "1");
        await api.CreateAsync("b");
        await api.WriteAsync("a", "2");
        await api.WriteAsync("b", "9");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.ReadStale(changes)) { Times = 1 });

        Assert.Equal(expected, await api.ValueAsync("a"));
        Assert.Equal("2", await api.ValueAsync("a"));
    }

    [Fact]
    public async Task An_object_is_not_there_before_it_was_created()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.ReadStale(5)));

        Assert.Equal(404, (await api.ReadAsync("a")).Status);
    }

    [Fact]
    public async Task A_list_is_as_it_was_with_the_version_of_then()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        var before = await ListAsync(api);
        await api.CreateAsync("b");
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.ReadStale()) { Calls = FaultApi.Calls("list") });

        var stale = await ListAsync(api);

        Assert.Equal(["a", "kube-root-ca.crt"], stale.Names);
        Assert.Equal(before, stale with { Names = before.Names });
        Assert.Equal("0", await api.ValueAsync("b"));
    }

    [Fact]
    public async Task Everything_is_read_from_a_frozen_moment()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateAsync("a");
        await api.CreateAsync("gone");
        var moment = api.Faults.TakeMoment();
        await api.WriteAsync("a", "1");
        await api.WriteAsync("a", "2");
        await api.SendAsync(HttpMethod.Delete, $"{FaultApi.ConfigMaps}/gone");
        await api.CreateAsync("new");
        using (api.Faults.Add(new ApiFaultRule(ApiFault.ReadFrom(moment))))
        {
            Assert.Equal("0", await api.ValueAsync("a"));
            Assert.Equal(404, (await api.ReadAsync("new")).Status);
            Assert.Equal(["a", "gone", "kube-root-ca.crt"], (await ListAsync(api)).Names);
            Assert.Equal(409, (await api.CreateAsync("new")).Status);
        }

        Assert.Equal(["a", "kube-root-ca.crt", "new"], (await ListAsync(api)).Names);
    }

    private static async Task<(string[] Names, string Version)> ListAsync(TestApi api)
    {
        var (_, body) = await api.SendAsync(HttpMethod.Get, FaultApi.ConfigMaps);
        return ([.. body["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)], (string)body["metadata"]!["resourceVersion"]!);
    }
}
