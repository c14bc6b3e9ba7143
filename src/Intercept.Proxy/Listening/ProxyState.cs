using System.Security.Cryptography;
using Intercept.Proxy.Configuration;

namespace Intercept.Proxy.Listening;

/// <summary>Who this proxy is, its data ports, and whether it is on its way out.</summary>
internal sealed class ProxyState(ProxyConfiguration configuration, IConfiguration settings, TimeProvider time)
{
    private volatile bool _draining;

    /// <summary>What the proxy stands in front of.</summary>
    public ProxyConfiguration Configuration => configuration;

    /// <summary>A random id of this process (or instance in a process).</summary>
    public string Instance { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Name of the pod: <c>POD_NAME</c>, else <c>HOSTNAME</c>, which Kubernetes sets to it, else the machine's.</summary>
    public string Pod { get; } = Named(settings["POD_NAME"]) ?? Named(settings["HOSTNAME"]) ?? Environment.MachineName;

    /// <summary>The ports that callers reach, in the configuration's order.</summary>
    public DataPort[] Ports { get; } = [.. configuration.Ports.Select(port => new DataPort(port, time))];

    /// <summary>Whether answers ask callers to close their connections.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    private static string? Named(string? value) =>
        string.IsNullOrEmpty(value) || value.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : value;
}
