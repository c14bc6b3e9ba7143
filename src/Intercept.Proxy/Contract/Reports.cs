using System.Text.Json.Serialization;

namespace Intercept.Proxy.Contract;

/// <summary>Whether one decoy port could be connected to.</summary>
internal sealed class DecoyPortReport(string port, string target, string? error, double milliseconds)
{
    /// <summary>Name of the Service port.</summary>
    public string Port => port;

    /// <summary>Host and port that were dialled.</summary>
    public string Target => target;

    /// <summary>What went wrong; null where it connected.</summary>
    public string? Error => error;

    /// <summary>How long it took.</summary>
    public double Milliseconds => milliseconds;
}

/// <summary>Who answered one probe through the Service.</summary>
internal sealed class ServiceProbeReport(ProbeAnswer answer, string detail, double milliseconds)
{
    /// <summary>Who.</summary>
    public ProbeAnswer Answer => answer;

    /// <summary>The answer's <c>x-intercept-served-by</c>, its status, or the error.</summary>
    public string Detail => detail;

    /// <summary>How long it took, with the connection.</summary>
    public double Milliseconds => milliseconds;
}

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
internal sealed class StatusReport(bool draining, int sessions, string reaper, SessionReport session, IReadOnlyList<PortReport> ports)
{
    /// <summary>Whether answers say <c>Connection: close</c>.</summary>
    public bool Draining => draining;

    /// <summary>How many sessions the proxy knows.</summary>
    public int Sessions => sessions;

    /// <summary>Whether the proxy closes intercepts of the dead: <c>on</c>, <c>off: …</c> or <c>failing: …</c>.</summary>
    public string Reaper => reaper;

    /// <summary>The asking session.</summary>
    public SessionReport Session => session;

    /// <summary>The data ports.</summary>
    public IReadOnlyList<PortReport> Ports => ports;
}

/// <summary>Counters of one session.</summary>
internal sealed class SessionReport(int routes, int inFlight, long intercepted, long lost, long passedWhenLost)
{
    /// <summary>Rules that are on.</summary>
    public int Routes => routes;

    /// <summary>Matched requests that are not answered yet.</summary>
    public int InFlight => inFlight;

    /// <summary>Requests that were sent into the tunnel.</summary>
    public long Intercepted => intercepted;

    /// <summary>Matched requests that failed because the tunnel was lost.</summary>
    public long Lost => lost;

    /// <summary>Matched requests that the original pods answered because the tunnel was lost.</summary>
    public long PassedWhenLost => passedWhenLost;
}

/// <summary>Counters of one data port.</summary>
internal sealed class PortReport(string port, int connections, int inFlight, long passed, long intercepted)
{
    /// <summary>Name of the Service port.</summary>
    public string Port => port;

    /// <summary>Callers' connections that are open.</summary>
    public int Connections => connections;

    /// <summary>Requests that are not answered yet.</summary>
    public int InFlight => inFlight;

    /// <summary>Requests (for TCP: connections) that went to the original pods.</summary>
    public long Passed => passed;

    /// <summary>Requests that went to test processes.</summary>
    public long Intercepted => intercepted;
}
