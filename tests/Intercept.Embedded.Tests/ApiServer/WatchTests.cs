using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Tests.ApiServer;

public sealed class WatchTests
{
    private const string ConfigMaps = "/api/v1/namespaces/case-ns/configmaps";

    private const string NotRoot = "fieldSelector=metadata.name%21%3Dkube-root-ca.crt";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_from_a_list_sees_later_changes_only_and_in_order()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("before");
        var list = await api.Client.ListNamespacedConfigMapAsync(TestApi.Space, cancellationToken: Token);
        await using var watch = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&resourceVersion={list.ResourceVersion()}");
        var created = await api.CreateConfigMapAsync("x");
        created.Data["a"] = "2";
        var updated = await api.Client.ReplaceNamespacedConfigMapAsync(created, "x", TestApi.Space, cancellationToken: Token);
        await api.Client.DeleteNamespacedConfigMapAsync("x", TestApi.Space, cancellationToken: Token);

        Assert.Equal(("ADDED", "x", created.ResourceVersion()), Summary(await watch.NextAsync()));
        Assert.Equal(("MODIFIED", "x", updated.ResourceVersion()), Summary(await watch.NextAsync()));
        var (type, name, version) = Summary(await watch.NextAsync());
        Assert.Equal(("DELETED", "x"), (type, name));
        Assert.True(long.Parse(version!, System.Globalization.CultureInfo.InvariantCulture) > long.Parse(updated.ResourceVersion(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_watch_by_label_reports_entering_as_added_and_leaving_as_deleted_with_the_old_labels()
    {
        await using var api = await TestApi.StartAsync();
        await using var watch = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&labelSelector=app%3Dweb");
        await api.CreateConfigMapAsync("x", new Dictionary<string, string> { ["app"] = "other" });
        await LabelAsync("web");
        var left = await LabelAsync("gone");

        Assert.Equal(("ADDED", "x"), (Summary(await watch.NextAsync()) is var added ? (added.Type, added.Name) : default));
        var gone = await watch.NextAsync();
        Assert.Equal(("DELETED", "x", left), Summary(gone));
        Assert.Equal("web", (string?)gone["object"]!["metadata"]!["labels"]!["app"]);

        async Task<string?> LabelAsync(string app)
        {
            var (_, body) = await api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/x", JsonNode.Parse($$"""{"metadata":{"labels":{"app":"{{app}}"} } }"""), "application/merge-patch+json");
            return (string?)body["metadata"]!["resourceVersion"];
        }
    }

    [Fact]
    public async Task A_version_that_is_forgotten_gets_an_error_event_with_410()
    {
        await using var api = await TestApi.StartAsync(new ApiServerSettings { HistoryLength = 3 });
        var first = await api.CreateConfigMapAsync("a");
        for (var i = 0; i < 5; i++)
        {
            await api.CreateConfigMapAsync($"b{i}");
        }

        foreach (var version in (string[])["1", first.ResourceVersion()])
        {
            await using var watch = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&resourceVersion={version}");
            var error = await watch.NextAsync();
            Assert.Equal("ERROR", (string?)error["type"]);
            Assert.Equal(410, (int)error["object"]!["code"]!);
            Assert.Equal("Expired", (string?)error["object"]!["reason"]);
            Assert.StartsWith($"too old resource version: {version} (", (string?)error["object"]!["message"], StringComparison.Ordinal);
            Assert.Null(await watch.NextOrEndAsync());
        }
    }

    [Fact]
    public async Task Initial_events_end_with_a_bookmark()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("a");
        await api.CreateConfigMapAsync("b");
        await using var watch = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&{NotRoot}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
        Assert.Equal("a", Summary(await watch.NextAsync()).Name);
        Assert.Equal("b", Summary(await watch.NextAsync()).Name);
        var bookmark = await watch.NextAsync();
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal("true", (string?)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        await api.CreateConfigMapAsync("c");
        Assert.Equal("c", Summary(await watch.NextAsync()).Name);
    }

    [Fact]
    public async Task A_watch_ends_by_its_timeout_and_with_the_server()
    {
        var api = await TestApi.StartAsync();
        await using var timed = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&{NotRoot}&timeoutSeconds=1");
        await using var open = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&{NotRoot}");
        Assert.Null(await timed.NextOrEndAsync());
        await api.Host.DisposeAsync();
        Assert.Null(await open.NextOrEndAsync());
        await api.DisposeAsync();
    }

    [Fact]
    public async Task KubernetesClient_watches()
    {
        await using var api = await TestApi.StartAsync();
        var seen = new List<string>();
        await api.CreateConfigMapAsync("a");
        await foreach (var (type, item) in api.Client.CoreV1.WatchListNamespacedConfigMapAsync(TestApi.Space, fieldSelector: "metadata.name=a", cancellationToken: Token))
        {
            seen.Add($"{type} {item.Name()}");
            if (type == WatchEventType.Deleted)
            {
                break;
            }

            await api.Client.DeleteNamespacedConfigMapAsync("a", TestApi.Space, cancellationToken: Token);
        }

        Assert.Equal(["Added a", "Deleted a"], seen);
    }

    [Fact]
    public async Task No_event_is_lost_doubled_or_out_of_order_under_concurrent_writers()
    {
        const int writers = 4;
        const int rounds = 60;
        await using var api = await TestApi.StartAsync();
        await using var watch = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&{NotRoot}");
        var expected = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < rounds; i++)
            {
                var name = $"w{writer}-{i % 3}";
                var (status, body) = i % 6 < 3
                    ? await api.SendAsync(HttpMethod.Post, ConfigMaps, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } })
                    : await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/{name}");
                Assert.InRange(status, 200, 201);
                expected.Add(i % 6 < 3 ? $"ADDED {name} {(string?)body["metadata"]!["resourceVersion"]}" : $"DELETED {name}");
            }
        }, Token)));

        var last = 0L;
        var seen = new List<string>();
        for (var i = 0; i < writers * rounds; i++)
        {
            var (type, name, version) = Summary(await watch.NextAsync());
            var number = long.Parse(version!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(number > last, $"{number} came after {last}");
            last = number;
            seen.Add(type == "ADDED" ? $"{type} {name} {version}" : $"{type} {name}");
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        var resumed = await WatchLines.OpenAsync(api, $"{ConfigMaps}?watch=true&{NotRoot}&resourceVersion={last}&timeoutSeconds=1");
        Assert.Null(await resumed.NextOrEndAsync());
        await resumed.DisposeAsync();
    }

    [Fact]
    public async Task The_local_api_watches_what_there_is_and_then_every_change()
    {
        await using var api = await TestApi.StartAsync();
        await api.CreateConfigMapAsync("a");
        var seen = new List<string>();
        await foreach (var change in api.Host.Api.WatchAsync<V1ConfigMap>(Token))
        {
            if (change.Object.Name() == "kube-root-ca.crt")
            {
                continue;
            }

            seen.Add($"{change.Type} {change.Object.Name()}");
            if (seen.Count == 1)
            {
                Assert.True(api.Host.Api.Delete<V1ConfigMap>(TestApi.Space, "a"));
            }
            else
            {
                break;
            }
        }

        Assert.Equal(["Added a", "Deleted a"], seen);
    }

    private static (string? Type, string? Name, string? Version) Summary(JsonObject change) =>
        ((string?)change["type"], (string?)change["object"]!["metadata"]!["name"], (string?)change["object"]!["metadata"]!["resourceVersion"]);
}
