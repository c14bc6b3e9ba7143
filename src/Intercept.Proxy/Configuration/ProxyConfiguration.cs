using Intercept.Proxy.Contract;

namespace Intercept.Proxy.Configuration;

/// <summary><c>intercept.json</c>: what a proxy stands in front of. Written once by the engine that opens the first intercept.</summary>
internal sealed record ProxyConfiguration
{
    /// <summary>Name of the file beside the program.</summary>
    public const string FileName = "intercept.json";

    /// <summary>The default of <see cref="ControlPort"/>.</summary>
    public const int DefaultControlPort = 8041;

    /// <summary>The default of <see cref="HealthPort"/>.</summary>
    public const int DefaultHealthPort = 8040;

    /// <summary>The <see cref="ContractVersion"/> of the writer.</summary>
    public required int Contract { get; init; }

    /// <summary>The intercepted Service, as <c>namespace/name</c>: for messages.</summary>
    public required string Service { get; init; }

    /// <summary>Host name of the decoy Service, for example <c>interceptor-leaf-decoy.shop.svc</c>.</summary>
    public required string DecoyHost { get; init; }

    /// <summary>The ports to stand in front of.</summary>
    public required IReadOnlyList<ProxyPort> Ports { get; init; }

    /// <summary>Where tunnels attach, on the pod's loopback only. The default is 8041.</summary>
    public int ControlPort { get; init; } = DefaultControlPort;

    /// <summary>Where <c>/healthz</c> and <c>/readyz</c> answer, on all addresses. The default is 8040.</summary>
    public int HealthPort { get; init; } = DefaultHealthPort;

    /// <summary>What the proxy closes when nobody else does; null where it closes nothing.</summary>
    public ReaperConfiguration? Reaper { get; init; }
}
