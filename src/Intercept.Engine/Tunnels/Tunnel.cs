using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tunnels;

/// <summary>The test process's end of the connection to one proxy; it re-attaches by itself when the connection breaks.</summary>
internal sealed class Tunnel : IAsyncDisposable
{
    /// <summary>Completes when the tunnel was left or disposed; fails with <see cref="InterceptException"/> when re-attaching was given up.</summary>
    public Task Lost => throw new NotSupportedException();

    /// <summary>The proxy process at the other end, as its last welcome named it.</summary>
    public WelcomeMessage Proxy => throw new NotSupportedException();

    /// <summary>Attaches to a proxy.</summary>
    /// <param name="options">Who attaches.</param>
    /// <param name="dial">Opens a connection to the proxy's control port; called again for each attempt.</param>
    /// <param name="time">For pauses and time-outs.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <exception cref="InterceptException">The proxy could not be reached, or refused.</exception>
    public static Task<Tunnel> ConnectAsync(
        TunnelOptions options, Func<CancellationToken, Task<Stream>> dial, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{options} {dial} {time} {cancellationToken}");

    /// <summary>Requests that match the rule go to the handler, from the moment this returns until the result is disposed.</summary>
    /// <exception cref="InterceptException">The proxy refused the rule.</exception>
    public Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{rule} {handler} {cancellationToken}");

    /// <summary>Lets the proxy connect to each port of the decoy.</summary>
    public Task<DecoyProbe> ProbeDecoyAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{cancellationToken}");

    /// <summary>Lets the proxy find out who answers behind a Service.</summary>
    public Task<ServiceProbe> ProbeServiceAsync(ServiceProbeRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{request} {cancellationToken}");

    /// <summary>The proxy's counters.</summary>
    public Task<ProxyStatus> GetStatusAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{cancellationToken}");

    /// <summary>Answers of the proxy say <c>Connection: close</c> from now on; returns when no matched request of this session is in flight, or at the time-out.</summary>
    public Task<ProxyStatus> DrainAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{timeout} {cancellationToken}");

    /// <summary>As <see cref="DrainAsync"/>, and ends callers' idle connections; returns when no caller is connected, or at the time-out.</summary>
    public Task<ProxyStatus> DisconnectCallersAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{timeout} {cancellationToken}");

    /// <summary>Says goodbye, so that the proxy drops the rules at once, then closes.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{cancellationToken}");

    /// <summary>Closes; the proxy treats it as a goodbye where it can still be told, as a loss otherwise.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
