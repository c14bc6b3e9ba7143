using System.Net.Http.Json;
using Intercept;
using Intercept.Testing;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Shop.Tests;

/// <summary>What a test author sees when a service on the way does not pass the header on.</summary>
public sealed class LostHeaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_failure_says_that_no_call_came_and_what_to_do_about_it()
    {
        await using var cluster = await InterceptCluster.ConnectEmbeddedAsync(ShopCluster.With("core-that-forgets.yaml"), Token);
        await using var leaf = new WebApplicationFactory<Leaf.Program>();
        await using var session = await cluster.InterceptAsync("shop/leaf", leaf.Server, cancellationToken: Token);
        using var frontend = session.CreateClient("shop/frontend");

        var answer = await frontend.GetFromJsonAsync<ShopAnswer>("/", Token);
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => session.WaitForCallAsync(timeout: TimeSpan.FromMilliseconds(200), cancellationToken: Token));

        Assert.Equal("in-cluster", answer!.Leaf.Where);
        Assert.Contains("shop/leaf", failure.Message, StringComparison.Ordinal);
        Assert.Contains(session.HeaderValue, failure.Message, StringComparison.Ordinal);
        Assert.Contains("No call", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Intercept.HeaderPropagation", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_intercept_proven_through_the_entry_is_not_even_opened()
    {
        await using var cluster = await InterceptCluster.ConnectEmbeddedAsync(ShopCluster.With("core-that-forgets.yaml"), Token);
        await using var leaf = new WebApplicationFactory<Leaf.Program>();
        var options = new InterceptOptions
        {
            ProveThrough = "shop/frontend/",
            Timeouts = new InterceptTimeouts { Switch = TimeSpan.FromSeconds(2) },
        };

        var failure = await Assert.ThrowsAsync<InterceptException>(() => cluster.InterceptAsync("shop/leaf", leaf.Server, options, Token));

        Assert.Contains("No request through shop/frontend reached this test process", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AddInterceptHeaderPropagation", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of it is left in the cluster", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_intercept_proven_through_the_entry_opens_where_every_hop_passes_the_header_on()
    {
        await using var cluster = await InterceptCluster.ConnectEmbeddedAsync(ShopCluster.Options, Token);
        await using var leaf = new WebApplicationFactory<Leaf.Program>();

        await using var session = await cluster.InterceptAsync(
            "shop/leaf", leaf.Server, new InterceptOptions { ProveThrough = "shop/frontend/" }, Token);

        Assert.Contains(session.Timeline, step => step.Text.Contains("a request through shop/frontend reached this test process", StringComparison.Ordinal));
        Assert.Empty(session.Calls);
    }
}
