using Intercept.Testing;

namespace Shop.Tests;

/// <summary>The Shop in a cluster: its own manifests, applied to an embedded cluster; a cluster from a kubeconfig has it already.</summary>
internal static class ShopCluster
{
    public static InterceptClusterOptions Options => With();

    /// <summary>With further manifests, which replace those of the same name.</summary>
    public static InterceptClusterOptions With(params string[] manifests) => new()
    {
        Manifests = [Here("k8s"), .. manifests.Select(Here)],
    };

    private static string Here(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
