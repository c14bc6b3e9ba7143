using Intercept.Proxy.Listening;
using Intercept.Proxy.Probing;
using Intercept.Proxy.Routing;

namespace Intercept.Proxy.Forwarding;

/// <summary>One request on a data port: to a test process where a rule takes it, to the original pods otherwise.</summary>
internal sealed class DataPortHandler(
    RouteTable routes, RequestCleaner cleaner, ProbeResponder probes, TunnelForwarder tunnels, DecoyForwarder decoy)
{
    /// <summary>Answers it.</summary>
    public async Task InvokeAsync(HttpContext context, CallerConnection caller)
    {
        caller.Enter();
        try
        {
            if (probes.TryAnswer(context))
            {
                return;
            }

            cleaner.Clean(context);
            while (routes.Find(context.Request.Headers) is { } route)
            {
                if (await tunnels.TryForwardAsync(context, caller.Port, route))
                {
                    return;
                }
            }

            await decoy.ForwardAsync(context, caller.Port, becauseLost: false);
        }
        finally
        {
            caller.Exit();
        }
    }
}
