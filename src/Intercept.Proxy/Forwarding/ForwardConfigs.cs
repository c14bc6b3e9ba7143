using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Intercept.Proxy.Forwarding;

/// <summary>How YARP sends: in exactly the version of the port, and with the patience of a breakpoint.</summary>
internal static class ForwardConfigs
{
    /// <summary>HTTP/1.1.</summary>
    public static ForwarderRequestConfig Http1 { get; } = Create(HttpVersion.Version11);

    /// <summary>HTTP/2 with prior knowledge.</summary>
    public static ForwarderRequestConfig Http2 { get; } = Create(HttpVersion.Version20);

    private static ForwarderRequestConfig Create(Version version) => new()
    {
        ActivityTimeout = TimeSpan.FromHours(24),
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
