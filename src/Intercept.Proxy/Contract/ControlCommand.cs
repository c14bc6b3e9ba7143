using System.Text.Json.Serialization;

namespace Intercept.Proxy.Contract;

/// <summary>
/// One line from the test process on the control stream. Each is answered by one <see cref="ControlReply"/> with its id;
/// all may be repeated after a lost reply. Classes, not records: what the compiler adds to a record would be a tenth of
/// this assembly, which travels in a ConfigMap.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(SetRoutesCommand), "setRoutes")]
[JsonDerivedType(typeof(AddRouteCommand), "addRoute")]
[JsonDerivedType(typeof(RemoveRouteCommand), "removeRoute")]
[JsonDerivedType(typeof(ProbeDecoyCommand), "probeDecoy")]
[JsonDerivedType(typeof(ProbeServiceCommand), "probeService")]
[JsonDerivedType(typeof(StatusCommand), "status")]
[JsonDerivedType(typeof(DrainCommand), "drain")]
[JsonDerivedType(typeof(DisconnectCommand), "disconnect")]
[JsonDerivedType(typeof(LeaveCommand), "leave")]
internal abstract class ControlCommand
{
    /// <summary>Told apart by this from other commands of the same tunnel.</summary>
    public int Id { get; set; }
}

/// <summary>
/// The first command after each welcome: exactly these routes from now on. It also confirms the welcome's token; the old
/// one is worth nothing afterwards.
/// </summary>
internal sealed class SetRoutesCommand(IReadOnlyList<RouteEntry> routes) : ControlCommand
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<RouteEntry> Routes => routes;
}

/// <summary>One route and its rule.</summary>
internal sealed class RouteEntry(string routeId, RouteRule rule)
{
    /// <summary>The test process's name for the route.</summary>
    public string RouteId => routeId;

    /// <summary>What it takes.</summary>
    public RouteRule Rule => rule;
}

/// <summary>Requests that match the rule go into the tunnel, from the reply on.</summary>
internal sealed class AddRouteCommand(string routeId, RouteRule rule) : ControlCommand
{
    /// <summary>The test process's name for the route.</summary>
    public string RouteId => routeId;

    /// <summary>What it takes.</summary>
    public RouteRule Rule => rule;
}

/// <summary>The rule is off from the reply on.</summary>
internal sealed class RemoveRouteCommand(string routeId) : ControlCommand
{
    /// <summary>The test process's name for the route.</summary>
    public string RouteId => routeId;
}

/// <summary>Connect to each decoy port, without sending anything.</summary>
internal sealed class ProbeDecoyCommand(int timeoutMilliseconds) : ControlCommand
{
    /// <summary>How long to try or wait.</summary>
    public int TimeoutMilliseconds => timeoutMilliseconds;
}

/// <summary>Ask who answers behind a Service, on a new connection each time.</summary>
internal sealed class ProbeServiceCommand(string host, int port, bool http2, string nonce, int count, int timeoutMilliseconds) : ControlCommand
{
    /// <summary>Host name of the Service.</summary>
    public string Host => host;

    /// <summary>Port of the Service.</summary>
    public int Port => port;

    /// <summary>Whether the port speaks HTTP/2 in clear text.</summary>
    public bool Http2 => http2;

    /// <summary>Makes the answer unmistakable; from this command on this proxy answers to it.</summary>
    public string Nonce => nonce;

    /// <summary>How many probes, one after the other.</summary>
    public int Count => count;

    /// <summary>For each probe.</summary>
    public int TimeoutMilliseconds => timeoutMilliseconds;
}

/// <summary>Counters and states.</summary>
internal sealed class StatusCommand : ControlCommand;

/// <summary>Answers say <c>Connection: close</c> from now on; replies when no matched request of this session is in flight, or at the time-out.</summary>
internal sealed class DrainCommand(int timeoutMilliseconds) : ControlCommand
{
    /// <summary>How long to try or wait.</summary>
    public int TimeoutMilliseconds => timeoutMilliseconds;
}

/// <summary>As drain, and ends callers' idle connections; replies when none is left, or at the time-out.</summary>
internal sealed class DisconnectCommand(int timeoutMilliseconds) : ControlCommand
{
    /// <summary>How long to try or wait.</summary>
    public int TimeoutMilliseconds => timeoutMilliseconds;
}

/// <summary>Goodbye: the session and its rules are gone with the reply.</summary>
internal sealed class LeaveCommand : ControlCommand;
