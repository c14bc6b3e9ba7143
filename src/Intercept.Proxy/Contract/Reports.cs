using System.Text.Json.Serialization;

namespace Intercept.Proxy.Contract;

/// <summary>Whether one decoy port could be connected to.</summary>
/// <param name="Port">Name of the Service port.</param>
/// <param name="Target">Host and port that were dialled.</param>
/// <param name="Error">What went wrong; null where it connected.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record DecoyPortReport(string Port, string Target, string? Error, double Milliseconds);

/// <summary>Who answered one probe through the Service.</summary>
/// <param name="Answer">Who.</param>
/// <param name="Detail">The answer's <c>x-intercept-served-by</c>, its status, or the error.</param>
/// <param name="Milliseconds">How long it took, with the connection.</param>
internal sealed record ServiceProbeReport(ProbeAnswer Answer, string Detail, double Milliseconds);

/// <summary>Who answered a probe.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProbeAnswer>))]
internal enum ProbeAnswer
{
    /// <summary>The proxy that probed.</summary>
    Me,

    /// <summary>Another proxy process.</summary>
    OtherProxy,

    /// <summary>Something that is no proxy: the original pods.</summary>
    NotAProxy,

    /// <summary>Nothing: no connection, or no answer in time.</summary>
    Nothing,
}

/// <summary>What a proxy did so far, and the part of the asking session in it.</summary>
/// <param name="Draining">Whether answers say <c>Connection: close</c>.</param>
/// <param name="Sessions">How many sessions the proxy knows.</param>
/// <param name="Session">The asking session.</param>
/// <param name="Ports">The data ports.</param>
internal sealed record StatusReport(bool Draining, int Sessions, SessionReport Session, IReadOnlyList<PortReport> Ports);

/// <summary>Counters of one session.</summary>
/// <param name="Routes">Rules that are on.</param>
/// <param name="InFlight">Matched requests that are not answered yet.</param>
/// <param name="Intercepted">Requests that were sent into the tunnel.</param>
/// <param name="Lost">Matched requests that failed because the tunnel was lost.</param>
/// <param name="PassedWhenLost">Matched requests that the original pods answered because the tunnel was lost.</param>
internal sealed record SessionReport(int Routes, int InFlight, long Intercepted, long Lost, long PassedWhenLost);

/// <summary>Counters of one data port.</summary>
/// <param name="Port">Name of the Service port.</param>
/// <param name="Connections">Callers' connections that are open.</param>
/// <param name="InFlight">Requests that are not answered yet.</param>
/// <param name="Passed">Requests (for TCP: connections) that went to the original pods.</param>
/// <param name="Intercepted">Requests that went to test processes.</param>
internal sealed record PortReport(string Port, int Connections, int InFlight, long Passed, long Intercepted);
