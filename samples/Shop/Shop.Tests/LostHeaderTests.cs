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
}
