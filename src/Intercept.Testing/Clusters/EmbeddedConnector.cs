namespace Intercept.Testing.Clusters;

/// <summary>Starts a Kubernetes in this process.</summary>
internal static class EmbeddedConnector
{
    public static Task<InterceptCluster> ConnectAsync(InterceptClusterOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{options} {cancellationToken}");
}
