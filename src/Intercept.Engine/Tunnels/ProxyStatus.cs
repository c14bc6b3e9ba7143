using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>What the proxy did so far, and this tunnel's part in it.</summary>
/// <param name="Draining">Whether its answers say <c>Connection: close</c>.</param>
/// <param name="Sessions">How many sessions it knows.</param>
/// <param name="Session">Counters of this tunnel's session.</param>
/// <param name="Ports">Counters of each data port.</param>
internal sealed record ProxyStatus(bool Draining, int Sessions, SessionReport Session, IReadOnlyList<PortReport> Ports)
{
    /// <summary>Whether it closes the intercepts of holders that are gone: <c>on</c>, <c>off: …</c> or <c>failing: …</c>.</summary>
    public string Reaper { get; init; } = "off";

    /// <summary>Callers' connections that are open on all data ports.</summary>
    public int Connections => Ports.Sum(port => port.Connections);

    /// <summary>Requests that are not answered yet, on all data ports.</summary>
    public int InFlight => Ports.Sum(port => port.InFlight);
}
