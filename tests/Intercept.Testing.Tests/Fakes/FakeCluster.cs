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
        return new FakeCluster(interceptor, Create(interceptor, options ?? new InterceptClusterOptions()));
    }

    /// <summary>A cluster that ends its interceptor with itself.</summary>
    public static InterceptCluster Create(FakeInterceptor interceptor, InterceptClusterOptions options)
    {
        var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = interceptor.Address.ToString() });
        return new InterceptCluster("fake", kubernetes, interceptor, options, owned: interceptor);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
