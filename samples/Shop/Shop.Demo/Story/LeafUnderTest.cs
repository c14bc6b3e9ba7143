using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Leaf;

namespace Shop.Demo.Story;

/// <summary>Leaf in this process, with a stock of its own: what a test author changes and wants to see called by the real Core.</summary>
internal sealed class LeafUnderTest(string name, int pieces) : WebApplicationFactory<Leaf.Program>
{
    public string Answer { get; } = $"{name}, stock {pieces}";

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseContentRoot(AppContext.BaseDirectory)
        .UseSetting("WHERE", name)
        .ConfigureLogging(logging => logging.ClearProviders())
        .ConfigureTestServices(services => services.AddSingleton<IStock>(new FixedStock(pieces)));

    private sealed class FixedStock(int pieces) : IStock
    {
        public int Count(string article) => pieces;
    }
}
