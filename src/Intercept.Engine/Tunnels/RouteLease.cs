using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>A route until it is disposed.</summary>
internal sealed class RouteLease(TunnelSupervisor supervisor, TunnelRoutes routes, TunnelRoute route, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(1);
    private int _disposed;

    /// <summary>
    /// Takes the rule out, then waits for requests that the proxy had sent before: they still reach the handler. Does not
    /// throw where the tunnel is lost, because its rules are then off or about to be.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        route.IsClosing = true;
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            var reply = await supervisor.CallAsync(new RemoveRouteCommand(route.Entry.RouteId), limit.Token);
            await route.WaitForArrivalsAsync(reply.Sent ?? 0).WaitAsync(ArrivalLimit, time, limit.Token);
        }
        catch (Exception exception) when (exception is InterceptException or TimeoutException or OperationCanceledException)
        {
            // The tunnel is closed or lost, or a caller gave up before its request came through: nothing comes any more.
        }
        finally
        {
            routes.Remove(route);
        }
    }
}
