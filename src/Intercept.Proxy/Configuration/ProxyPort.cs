namespace Intercept.Proxy.Configuration;

/// <summary>One port of the intercepted Service.</summary>
internal sealed record ProxyPort
{
    /// <summary>The Service port's name, or its number where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The port of the Service.</summary>
    public required int Port { get; init; }

    /// <summary>Where the proxy listens, on all addresses: 80, 81…</summary>
    public required int ListenPort { get; init; }

    /// <summary>The port of the decoy Service behind which the original pods are.</summary>
    public required int DecoyPort { get; init; }

    /// <summary>What callers speak.</summary>
    public required PortProtocol Protocol { get; init; }
}
