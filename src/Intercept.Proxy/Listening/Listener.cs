namespace Intercept.Proxy.Listening;

/// <summary>What a listener that is no data port is for. A feature of its connections.</summary>
internal sealed class Listener
{
    private Listener()
    {
    }

    /// <summary>Tunnels attach here.</summary>
    public static Listener Control { get; } = new();

    /// <summary>The kubelet asks here.</summary>
    public static Listener Health { get; } = new();
}
