using k8s;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>A cluster whose intercepts are <see cref="FakeInterceptor"/>'s.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private FakeCluster(FakeInterceptor interceptor, InterceptCluster cluster) => (Interceptor, Cluster) = (interceptor, cluster);

    public FakeInterceptor Interceptor { get; }

    public InterceptCluster Cluster { get; }

    public static async Task<FakeCluster> StartAsync(InterceptClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var interceptor = await FakeInterceptor.StartAsync(cancellationToken);
        var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = interceptor.Address.ToString() });
        return new FakeCluster(interceptor, new InterceptCluster("fake", kubernetes, interceptor, options ?? new InterceptClusterOptions(), owned: null));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Interceptor.DisposeAsync();
    }
}
