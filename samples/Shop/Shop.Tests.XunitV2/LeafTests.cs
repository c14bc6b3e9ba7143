using System.Net.Http.Json;
using Intercept.Testing.Xunit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace Shop.Tests.XunitV2;

public sealed class LeafFixture : InterceptFixture<Leaf.Program>
{
    protected override void Configure(InterceptFixtureOptions options)
    {
        options.Service = "shop/leaf";
        options.Cluster = ShopCluster.Options;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.ConfigureLogging(logging => logging.ClearProviders());
}

[CollectionDefinition(InterceptCollection.Name)]
public sealed class SharedIntercept : ICollectionFixture<LeafFixture>;

[Collection(InterceptCollection.Name)]
public sealed class LeafTests(LeafFixture intercept, ITestOutputHelper output)
{
    [Fact]
    public async Task Core_calls_the_leaf_in_this_process_when_the_header_is_there()
    {
        await using var test = await intercept.BeginTestAsync(output: output);
        using var frontend = test.CreateClient("shop/frontend");

        var answer = await frontend.GetFromJsonAsync<ShopAnswer>("/");

        Assert.Equal("in-cluster", answer!.Where);
        Assert.Equal("in-cluster", answer.Upstream!.Where);
        Assert.Equal("local", answer.Leaf.Where);
        var call = await test.WaitForCallAsync();
        Assert.Equal("/leaf", call.Path);
        Assert.Equal(test.HeaderValue, call.GetHeader(test.HeaderName));
    }
}
