using Intercept.Testing;

namespace Shop;

/// <summary>The Shop in an embedded cluster: its own manifests, and the programs that stand for their images. A cluster from a kubeconfig has it already.</summary>
internal static class ShopCluster
{
    public static InterceptClusterOptions Options { get; } = new()
    {
        Manifests = [Here("k8s")],
        ConfigureEmbedded = embedded =>
        {
            embedded.Images.Add<Frontend.Program>("shop/frontend:1.0");
            embedded.Images.Add<Core.Program>("shop/core:1.0");
            embedded.Images.Add<Leaf.Program>("shop/leaf:1.0");
        },
    };

    /// <summary>With a further manifest, which is applied last.</summary>
    public static InterceptClusterOptions With(string manifest) => Options with { Manifests = [.. Options.Manifests, Here(manifest)] };

    private static string Here(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
