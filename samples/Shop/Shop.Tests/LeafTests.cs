using System.Net.Http.Json;
using Intercept.Testing.Xunit;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Shop.Leaf;

namespace Shop.Tests;

[Collection(InterceptCollection.Name)]
public sealed class LeafTests(LeafFixture intercept)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Core_calls_the_leaf_in_this_process_when_the_header_is_there()
    {
        await using var test = await intercept.BeginTestAsync();
        using var frontend = test.CreateClient("shop/frontend");

        var answer = await frontend.GetFromJsonAsync<ShopAnswer>("/", Token);

        Assert.Equal("in-cluster", answer!.Where);
        Assert.Equal("in-cluster", answer.Upstream!.Where);
        Assert.Equal("local", answer.Leaf.Where);
        var call = await test.WaitForCallAsync(cancellationToken: Token);
        Assert.Equal("/leaf", call.Path);
        Assert.Equal(test.HeaderValue, call.GetHeader(test.HeaderName));
    }

    [Fact]
    public async Task Without_the_header_the_leaf_in_the_cluster_answers()
    {
        await using var test = await intercept.BeginTestAsync();
        var cluster = await intercept.GetClusterAsync();
        using var frontend = cluster.CreateClient("shop/frontend");

        var answer = await frontend.GetFromJsonAsync<ShopAnswer>("/", Token);

        Assert.Equal("in-cluster", answer!.Leaf.Where);
        Assert.Empty(test.Calls);
    }

    [Fact]
    public async Task With_another_value_of_the_header_the_leaf_in_the_cluster_answers()
    {
        await using var test = await intercept.BeginTestAsync();
        var cluster = await intercept.GetClusterAsync();
        using var frontend = cluster.CreateClient("shop/frontend");
        frontend.DefaultRequestHeaders.Add(test.HeaderName, test.HeaderValue + "-not");

        var answer = await frontend.GetFromJsonAsync<ShopAnswer>("/", Token);

        Assert.Equal("in-cluster", answer!.Leaf.Where);
        Assert.Empty(test.Calls);
    }

    [Fact]
    public async Task An_order_meets_the_fake_stock_of_this_test()
    {
        await using var test = await intercept.BeginTestAsync(
            builder => builder.ConfigureTestServices(services => services.AddSingleton<IStock>(new FixedStock(2))));
        using var frontend = test.CreateClient("shop/frontend");

        using var response = await frontend.PostAsJsonAsync("/orders", new { Article = "apple", Quantity = 3 }, Token);

        var answer = await response.Content.ReadFromJsonAsync<ShopAnswer>(Token);
        Assert.False(answer!.Leaf.Accepted);
        var call = await test.WaitForCallAsync(call => call.Path == "/leaf/orders", cancellationToken: Token);
        Assert.Equal(3, call.BodyAsJson<Order>()!.Quantity);
    }

    [Fact]
    public async Task Two_test_servers_with_different_fakes_answer_at_once()
    {
        await using var empty = await intercept.BeginTestAsync(
            builder => builder.ConfigureTestServices(services => services.AddSingleton<IStock>(new FixedStock(0))));
        await using var full = await intercept.BeginTestAsync(
            builder => builder.ConfigureTestServices(services => services.AddSingleton<IStock>(new FixedStock(99))));
        using var toEmpty = empty.CreateClient("shop/frontend");
        using var toFull = full.CreateClient("shop/frontend");

        var answers = await Task.WhenAll(
            toEmpty.GetFromJsonAsync<ShopAnswer>("/", Token),
            toFull.GetFromJsonAsync<ShopAnswer>("/", Token));

        Assert.Equal([0, 99], answers.Select(answer => answer!.Leaf.Stock));
        Assert.Single(empty.Calls);
        Assert.Single(full.Calls);
    }

    private sealed record Order(string Article, int Quantity);
}
