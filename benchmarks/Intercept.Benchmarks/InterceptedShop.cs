using Intercept.Testing;

namespace Intercept.Benchmarks;

/// <summary>An embedded cluster with the Shop, its Leaf intercepted by an application in this process.</summary>
internal sealed class InterceptedShop : IAsyncDisposable
{
    private readonly InProcessApp<Shop.Leaf.Program> _leaf;

    private InterceptedShop(InterceptCluster cluster, InProcessApp<Shop.Leaf.Program> leaf, InterceptSession session) =>
        (Cluster, _leaf, Session) = (cluster, leaf, session);

    public InterceptCluster Cluster { get; }

    public InterceptSession Session { get; }

    public static async Task<InterceptedShop> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = await InterceptCluster.ConnectEmbeddedAsync(Shop.ShopCluster.Options, cancellationToken);
        var leaf = new InProcessApp<Shop.Leaf.Program>();
        return new InterceptedShop(cluster, leaf, await cluster.InterceptAsync("shop/leaf", leaf.Server, cancellationToken: cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _leaf.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
