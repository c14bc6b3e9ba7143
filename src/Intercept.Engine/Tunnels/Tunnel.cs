using System.Security.Cryptography;
using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Engine.Tunnels;

/// <summary>The test process's end of the connection to one proxy; it re-attaches by itself when the connection breaks.</summary>
internal sealed class Tunnel : IProxyLink
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DecoyLimit = TimeSpan.FromSeconds(5);

    private readonly TunnelServer _server;
    private readonly TunnelRoutes _routes;
    private readonly TunnelSupervisor _supervisor;
    private readonly TimeProvider _time;
    private int _left;
    private int _closed;

    private Tunnel(TunnelServer server, TunnelRoutes routes, TunnelSupervisor supervisor, TimeProvider time)
    {
        _server = server;
        _routes = routes;
        _supervisor = supervisor;
        _time = time;
    }

    /// <inheritdoc/>
    public Task Lost => _supervisor.Lost;

    /// <inheritdoc/>
    public bool IsConnected => _supervisor.IsAttached;

    /// <inheritdoc/>
    public WelcomeMessage Proxy => _supervisor.Welcome!;

    /// <summary>Attaches to a proxy.</summary>
    /// <param name="options">Who attaches.</param>
    /// <param name="dial">Opens a connection to the proxy's control port; called again for each attempt.</param>
    /// <param name="time">For pauses and time-outs.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <exception cref="InterceptException">The proxy could not be reached, or refused.</exception>
    public static async Task<Tunnel> ConnectAsync(
        TunnelOptions options, Func<CancellationToken, Task<Stream>> dial, TimeProvider time, CancellationToken cancellationToken)
    {
        var routes = new TunnelRoutes();
        var server = await TunnelServer.StartAsync(
            options,
            context => context.Request.Headers.ContainsKey(InterceptHeaders.Control)
                ? context.Features.GetRequiredFeature<ControlChannel>().RunAsync(context)
                : routes.DispatchAsync(context),
            cancellationToken);
        var supervisor = new TunnelSupervisor(options, server, routes, dial, time);
        try
        {
            await supervisor.StartAsync(cancellationToken);
            return new Tunnel(server, routes, supervisor, time);
        }
        catch
        {
            await supervisor.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken)
    {
        var route = _routes.Add(rule.ToRouteRule(), handler);
        try
        {
            await _supervisor.CallAsync(new AddRouteCommand(route.Entry.RouteId, route.Entry.Rule), cancellationToken);
            return new RouteLease(_supervisor, _routes, route, _time);
        }
        catch
        {
            // A cancelled command may have been done nevertheless: the next SetRoutes, or nobody's header, settles it.
            _routes.Remove(route);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DecoyProbe> ProbeDecoyAsync(CancellationToken cancellationToken)
    {
        var reply = await _supervisor.CallAsync(new ProbeDecoyCommand((int)DecoyLimit.TotalMilliseconds), cancellationToken);
        return new DecoyProbe([.. reply.Decoy!.Select(
            port => new DecoyPortProbe(port.Port, port.Target, port.Error, TimeSpan.FromMilliseconds(port.Milliseconds)))]);
    }

    /// <inheritdoc/>
    public async Task<ServiceProbe> ProbeServiceAsync(ServiceProbeRequest request, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var reply = await _supervisor.CallAsync(
            new ProbeServiceCommand(request.Host, request.Port, request.Http2, nonce, request.Count, (int)request.Timeout.TotalMilliseconds),
            cancellationToken);
        return new ServiceProbe([.. reply.Probes!.Select(
            probe => new ServiceProbeAnswer(probe.Answer, probe.Detail, TimeSpan.FromMilliseconds(probe.Milliseconds)))]);
    }

    /// <inheritdoc/>
    public Task<ProxyStatus> GetStatusAsync(CancellationToken cancellationToken) => AskAsync(new StatusCommand(), cancellationToken);

    /// <summary>
    /// Answers of the proxy say <c>Connection: close</c> from now on, until somebody adds a route; returns when no matched
    /// request of this session is in flight, or at the time-out: the result tells.
    /// </summary>
    public Task<ProxyStatus> DrainAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(new DrainCommand((int)timeout.TotalMilliseconds), cancellationToken);

    /// <inheritdoc/>
    public Task<ProxyStatus> DisconnectCallersAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(new DisconnectCommand((int)timeout.TotalMilliseconds), cancellationToken);

    /// <summary>Says goodbye, so that the proxy drops the rules at once, then closes.</summary>
    /// <exception cref="InterceptException">The tunnel was lost: the proxy drops the rules when their time to live is over.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                await _supervisor.CallAsync(new LeaveCommand(), cancellationToken);
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>Closes; says goodbye before where the proxy can still be told within 2 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(GoodbyeLimit, _time);
        try
        {
            await LeaveAsync(limit.Token);
        }
        catch (Exception exception) when (exception is InterceptException or OperationCanceledException)
        {
            // Lost: the proxy finds out by itself.
        }
    }

    private async Task<ProxyStatus> AskAsync(ControlCommand command, CancellationToken cancellationToken)
    {
        var status = (await _supervisor.CallAsync(command, cancellationToken)).Status!;
        return new ProxyStatus(status.Draining, status.Sessions, status.Session, status.Ports) { Reaper = status.Reaper };
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            await _supervisor.DisposeAsync();
            await _server.DisposeAsync();
        }
    }
}
