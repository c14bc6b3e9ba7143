using Intercept.Testing.Xunit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.Tests;

/// <summary>Leaf runs in the test process and answers for <c>shop/leaf</c> in the cluster.</summary>
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
