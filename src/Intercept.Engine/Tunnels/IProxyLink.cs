using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tunnels;

/// <summary>
/// All that the engine asks of a proxy, over one participant's connection to it: a <see cref="Tunnel"/>, or a stand-in where
/// a test is about the protocol on the Kubernetes API alone.
/// </summary>
internal interface IProxyLink : IAsyncDisposable
{
    /// <summary>Completes when the connection was left or disposed; fails with <see cref="InterceptException"/> when re-attaching was given up.</summary>
    Task Lost { get; }

    /// <summary>Whether the proxy can be asked at this moment; what is asked while it can't waits until it can again.</summary>
    bool IsConnected { get; }

    /// <summary>The proxy process at the other end, as its last welcome named it.</summary>
    WelcomeMessage Proxy { get; }

    /// <summary>Requests that match the rule go to the handler, from the moment this returns until the result is disposed.</summary>
    /// <exception cref="InterceptException">The proxy refused the rule, or the connection is lost.</exception>
    Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken);

    /// <summary>Lets the proxy connect to each port of the decoy, for 5 seconds at most.</summary>
    Task<DecoyProbe> ProbeDecoyAsync(CancellationToken cancellationToken);

    /// <summary>Lets the proxy find out who answers behind a Service.</summary>
    Task<ServiceProbe> ProbeServiceAsync(ServiceProbeRequest request, CancellationToken cancellationToken);

    /// <summary>The proxy's counters.</summary>
    Task<ProxyStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Answers of the proxy say <c>Connection: close</c> from now on, until somebody adds a route, and callers' idle
    /// connections are ended; returns when no caller is connected, or at the time-out: the result tells.
    /// </summary>
    Task<ProxyStatus> DisconnectCallersAsync(TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>Connects one participant to a Service's proxy.</summary>
internal delegate Task<IProxyLink> ProxyConnector(ServiceScope scope, TunnelOptions options, CancellationToken cancellationToken);
