using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tunnels;

/// <summary>The routes of one tunnel: leads each request that comes through it to its handler.</summary>
internal sealed class TunnelRoutes
{
    private readonly ConcurrentDictionary<string, TunnelRoute> _routes = new(StringComparer.Ordinal);
    private int _lastId;

    /// <summary>The routes as the proxy shall have them.</summary>
    public IReadOnlyList<RouteEntry> Entries => [.. _routes.Values.Where(route => !route.IsClosing).Select(route => route.Entry)];

    /// <summary>Makes a route known on this side.</summary>
    public TunnelRoute Add(RouteRule rule, RequestDelegate handler)
    {
        var id = "r" + Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        var route = new TunnelRoute(new RouteEntry(id, rule), handler);
        _routes[id] = route;
        return route;
    }

    /// <summary>Forgets a route.</summary>
    public void Remove(TunnelRoute route) => _routes.TryRemove(route.Entry.RouteId, out _);

    /// <summary>Answers one request that came through the tunnel.</summary>
    public Task DispatchAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!_routes.TryGetValue(headers[InterceptHeaders.Route].ToString(), out var route))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers[InterceptHeaders.Error] = ProxyErrors.RouteGone;
            return context.Response.WriteAsync("The test that took this request has ended.\n", context.RequestAborted);
        }

        route.CountArrival();
        if (IPEndPoint.TryParse(headers[InterceptHeaders.Caller].ToString(), out var caller))
        {
            context.Connection.RemoteIpAddress = caller.Address;
            context.Connection.RemotePort = caller.Port;
        }

        headers.Remove(InterceptHeaders.Route);
        headers.Remove(InterceptHeaders.Caller);
        return route.Handler(context);
    }

    /// <summary>A new connection counts from nothing, as the proxy does.</summary>
    public void ResetArrivals()
    {
        foreach (var (_, route) in _routes)
        {
            route.ResetArrivals();
        }
    }
}
