using System.Text.Json.Serialization;

namespace Intercept.Proxy.Contract;

/// <summary>
/// One line from the test process on the control stream. Each is answered by one <see cref="ControlReply"/> with its id;
/// all may be repeated after a lost reply.
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
internal abstract record ControlCommand
{
    /// <summary>Told apart by this from other commands of the same tunnel.</summary>
    public int Id { get; init; }
}

/// <summary>
/// The first command after each welcome: exactly these routes from now on. It also confirms the welcome's token; the old
/// one is worth nothing afterwards.
/// </summary>
internal sealed record SetRoutesCommand(IReadOnlyList<RouteEntry> Routes) : ControlCommand;

/// <summary>One route and its rule.</summary>
internal sealed record RouteEntry(string RouteId, RouteRule Rule);

/// <summary>Requests that match the rule go into the tunnel, from the reply on.</summary>
internal sealed record AddRouteCommand(string RouteId, RouteRule Rule) : ControlCommand;

/// <summary>The rule is off from the reply on.</summary>
internal sealed record RemoveRouteCommand(string RouteId) : ControlCommand;

/// <summary>Connect to each decoy port, without sending anything.</summary>
internal sealed record ProbeDecoyCommand(int TimeoutMilliseconds) : ControlCommand;

/// <summary>Ask who answers behind a Service, on a new connection each time.</summary>
/// <param name="Host">Host name of the Service.</param>
/// <param name="Port">Port of the Service.</param>
/// <param name="Http2">Whether the port speaks HTTP/2 in clear text.</param>
/// <param name="Nonce">Makes the answer unmistakable; from this command on this proxy answers to it.</param>
/// <param name="Count">How many probes, one after the other.</param>
/// <param name="TimeoutMilliseconds">For each probe.</param>
internal sealed record ProbeServiceCommand(string Host, int Port, bool Http2, string Nonce, int Count, int TimeoutMilliseconds) : ControlCommand;

/// <summary>Counters and states.</summary>
internal sealed record StatusCommand : ControlCommand;

/// <summary>Answers say <c>Connection: close</c> from now on; replies when no matched request of this session is in flight, or at the time-out.</summary>
internal sealed record DrainCommand(int TimeoutMilliseconds) : ControlCommand;

/// <summary>As drain, and ends callers' idle connections; replies when none is left, or at the time-out.</summary>
internal sealed record DisconnectCommand(int TimeoutMilliseconds) : ControlCommand;

/// <summary>Goodbye: the session and its rules are gone with the reply.</summary>
internal sealed record LeaveCommand : ControlCommand;
