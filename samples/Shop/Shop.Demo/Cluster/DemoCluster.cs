using Intercept.Testing;
using Shop.Demo.Screens;

namespace Shop.Demo.Cluster;

/// <summary>The cluster that the options name. Into an embedded one the Shop is put; a real one has it.</summary>
internal static class DemoCluster
{
    public static Task<InterceptCluster> ConnectAsync(DemoOptions options, Screen screen, CancellationToken cancellationToken)
    {
        var cluster = ShopCluster.LikeARealNode with { Progress = InterceptProgress.To(screen.Line) };
        return options.Kubeconfig
            ? InterceptCluster.FromKubeconfigAsync(options.Context, cluster, cancellationToken)
            : InterceptCluster.ConnectEmbeddedAsync(cluster, cancellationToken);
    }
}
