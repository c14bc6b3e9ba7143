using Intercept.Embedded;
using Intercept.Testing;

namespace Shop;

/// <summary>The Shop in an embedded cluster: its own manifests, and the programs that stand for their images. A cluster from a kubeconfig has it already.</summary>
internal static class ShopCluster
{
    /// <summary>With the lag of a real node between a change of a Service and its effect on new connections.</summary>
    public static InterceptClusterOptions LikeARealNode { get; } = new()
    {
        Manifests = [Here("k8s")],
        ConfigureEmbedded = AddImages,
    };

    /// <summary>For tests: changes of a Service take effect at once.</summary>
    public static InterceptClusterOptions Options { get; } = LikeARealNode with
    {
        ConfigureEmbedded = embedded =>
        {
            AddImages(embedded);
            embedded.ServiceSyncLag = TimeSpan.Zero;
        },
    };

    /// <summary>With a further manifest, which is applied last.</summary>
    public static InterceptClusterOptions With(string manifest) => Options with { Manifests = [.. Options.Manifests, Here(manifest)] };

    private static void AddImages(EmbeddedClusterOptions embedded)
    {
        embedded.Images.Add<Frontend.Program>("shop/frontend:1.0");
        embedded.Images.Add<Core.Program>("shop/core:1.0");
        embedded.Images.Add<Leaf.Program>("shop/leaf:1.0");
    }

    private static string Here(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
