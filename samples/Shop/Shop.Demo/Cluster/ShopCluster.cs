using Intercept.Testing;
using Shop.Demo.Screens;

namespace Shop.Demo.Cluster;

/// <summary>The cluster that the options name. Into an embedded one the Shop is put; a real one has it.</summary>
internal static class ShopCluster
{
    public static Task<InterceptCluster> ConnectAsync(DemoOptions options, Screen screen, CancellationToken cancellationToken)
    {
        var progress = InterceptProgress.To(screen.Line);
        return options.Kubeconfig
            ? InterceptCluster.FromKubeconfigAsync(options.Context, new InterceptClusterOptions { Progress = progress }, cancellationToken)
            : InterceptCluster.ConnectEmbeddedAsync(
                new InterceptClusterOptions { Progress = progress, Manifests = [Path.Combine(AppContext.BaseDirectory, "k8s")] }, cancellationToken);
    }
}
