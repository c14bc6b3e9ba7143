using Intercept.Proxy.Listening;
using Intercept.Proxy.Probing;
using Intercept.Proxy.Routing;

namespace Intercept.Proxy.Forwarding;

/// <summary>One request on a data port: to a test process where a rule takes it, to the original pods otherwise.</summary>
internal sealed class DataPortHandler(
    RouteTable routes, RequestCleaner cleaner, ProbeResponder probes, TunnelForwarder tunnels, DecoyForwarder decoy, Answers answers)
{
    /// <summary>Answers it.</summary>
    public async Task InvokeAsync(HttpContext context, CallerConnection caller)
    {
        caller.Enter();
        try
        {
            if (HasTwoLengths(context.Request))
            {
                await answers.RefuseAsync(context, "The request has both Content-Length and Transfer-Encoding: send one of them.");
                return;
            }

            if (probes.TryAnswer(context))
            {
                return;
            }

            cleaner.Clean(context);
            while (routes.Find(context.Request.Headers, caller.Port.Configuration.Name) is { } route)
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

    /// <summary>Kestrel goes by the Transfer-Encoding then, and leaves the other length under this name.</summary>
    private static bool HasTwoLengths(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length");
}
