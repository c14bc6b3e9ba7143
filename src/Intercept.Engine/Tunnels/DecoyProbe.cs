namespace Intercept.Engine.Tunnels;

/// <summary>Which ports of the decoy the proxy could connect to.</summary>
internal sealed record DecoyProbe(IReadOnlyList<DecoyPortProbe> Ports)
{
    /// <summary>Whether it could connect to all of them.</summary>
    public bool Succeeded => Ports.All(port => port.Error is null);
}

/// <summary>One port of the decoy.</summary>
/// <param name="Port">Name of the Service port.</param>
/// <param name="Target">Host and port that the proxy dialled.</param>
/// <param name="Error">What went wrong; null where it connected.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record DecoyPortProbe(string Port, string Target, string? Error, TimeSpan Elapsed);
