using System.Text.Json.Nodes;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;

namespace Intercept.Embedded.Tests.Faults;

public sealed class WatchFaultTests
{
    private static readonly ApiCallFilter OfA = FaultApi.Calls("watch", "a");

    [Fact]
    public async Task An_event_is_dropped()
    {
        await using var api = await TestApi.StartAsync();
        await using var watch = await OpenAsync(api);
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.DropWatchEvent()) { Calls = OfA, Skip = 1, Times = 1 });

        await WriteAllAsync(api);

        Assert.Equal(["ADDED a 0", "ADDED b 0", "MODIFIED a 2"], await ReadAsync(watch, 3));
        Assert.Equal("a", Assert.Single(fault.Hits).Name);
    }

    [Fact]
    public async Task An_event_comes_twice()
    {
        await using var api = await TestApi.StartAsync();
        await using var watch = await OpenAsync(api);
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.DoubleWatchEvent()) { Calls = OfA, Times = 2 });

        await WriteAllAsync(api);

        Assert.Equal(["ADDED a 0", "ADDED a 0", "ADDED b 0", "MODIFIED a 1", "MODIFIED a 1", "MODIFIED a 2"], await ReadAsync(watch, 6));
    }

    [Fact]
    public async Task A_watch_ends_in_place_of_an_event()
    {
        await using var api = await TestApi.StartAsync();
        await using var watch = await OpenAsync(api);
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.EndWatch()) { Calls = OfA, Skip = 1, Times = 1 });

        await WriteAllAsync(api);

        Assert.Equal(["ADDED a 0", "ADDED b 0"], await ReadAsync(watch, 2));
        Assert.Null(await watch.NextOrEndAsync());
    }

    [Fact]
    public async Task A_watch_is_answered_that_its_version_is_forgotten()
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(ApiFault.ExpireWatch()) { Calls = FaultApi.Calls("watch"), Times = 1 });
        await using var watch = await OpenAsync(api);

        AssertExpired(await watch.NextAsync());
        Assert.Null(await watch.NextOrEndAsync());
        await using var again = await OpenAsync(api);
        await api.CreateAsync("a");
        Assert.Equal(["ADDED a 0"], await ReadAsync(again, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watches_that_run_are_ended(bool expired)
    {
        await using var api = await TestApi.StartAsync();
        await using var watch = await OpenAsync(api);
        await using var other = await WatchLines.OpenAsync(api, "/api/v1/namespaces/case-ns/pods?watch=true");
        await api.CreateAsync("a");
        await ReadAsync(watch, 1);

        Assert.Equal(1, api.Faults.EndWatches(new() { Resource = "configmaps" }, expired));

        if (expired)
        {
            AssertExpired(await watch.NextAsync());
        }

        Assert.Null(await watch.NextOrEndAsync());
        Assert.Equal(1, api.Faults.EndWatches());
        Assert.Null(await other.NextOrEndAsync());
        Assert.Equal(0, api.Faults.EndWatches());
    }

    private static async Task<WatchLines> OpenAsync(TestApi api)
    {
        var (_, list) = await api.SendAsync(HttpMethod.Get, FaultApi.ConfigMaps);
        return await WatchLines.OpenAsync(api, $"{FaultApi.ConfigMaps}?watch=true&resourceVersion={list["metadata"]!["resourceVersion"]}");
    }

    private static async Task WriteAllAsync(TestApi api)
    {
        await api.CreateAsync("a");
        await api.CreateAsync("b");
        await api.WriteAsync("a", "1");
        await api.WriteAsync("a", "2");
    }

    private static async Task<List<string>> ReadAsync(WatchLines watch, int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            var line = await watch.NextAsync();
            lines.Add($"{line["type"]} {line["object"]!["metadata"]!["name"]} {line["object"]!["data"]!["a"]}");
        }

        return lines;
    }

    private static void AssertExpired(JsonObject line) =>
        Assert.Equal(("ERROR", "Expired", 410), ((string?)line["type"], (string?)line["object"]!["reason"], (int)line["object"]!["code"]!));
}
