using System.Net;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Routing;
using Intercept.Proxy.Sessions;
using Yarp.ReverseProxy.Forwarder;

namespace Intercept.Proxy.Forwarding;

/// <summary>The way to a test process.</summary>
internal sealed class TunnelForwarder(IHttpForwarder forwarder, SessionRegistry registry, DecoyForwarder decoy, ServedBy servedBy, Answers answers, TimeProvider time)
{
    /// <summary>How long a matched request waits for a lost tunnel to come back.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    /// <summary>Lets the test process answer.</summary>
    /// <returns>False where the route was removed before the request was sent: it has to be routed again.</returns>
    public async Task<bool> TryForwardAsync(HttpContext context, DataPort port, LiveRoute route)
    {
        var session = route.Session;
        session.Requests.Enter();
        try
        {
            var tunnel = await session.GetTunnelAsync(Hold, time, context.RequestAborted);
            if (tunnel is null)
            {
                if (session.IsOver)
                {
                    return false;
                }

                await AnswerWithoutTunnelAsync(context, port, session);
                return true;
            }

            return route.TryEnter() && await SendAsync(context, port, route, tunnel);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left while its request was held.
            return true;
        }
        finally
        {
            session.Requests.Exit();
        }
    }

    private async Task<bool> SendAsync(HttpContext context, DataPort port, LiveRoute route, TunnelConnection tunnel)
    {
        var error = await forwarder.SendAsync(
            context, TunnelConnection.Address, tunnel.Client, ForwardConfigs.Http2, new Transformer(servedBy, route));
        var cause = error is ForwarderError.None ? null : context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (TunnelConnection.WasNeverSent(cause) && !context.Response.HasStarted)
        {
            route.TakeBack();
            context.Response.Clear();
            registry.Suspend(route.Session, tunnel);
            return false;
        }

        port.CountIntercepted();
        route.Session.CountIntercepted();
        if (Answers.IsAnswered(context, error))
        {
            return true;
        }

        if (error is ForwarderError.RequestBodyClient)
        {
            await answers.RefuseAsync(context, $"The request's body could not be read: {cause?.Message}");
        }
        else if (tunnel.HasEnded)
        {
            route.Session.CountLost();
            await answers.FailAsync(
                context,
                StatusCodes.Status502BadGateway,
                ProxyErrors.TunnelLost,
                $"The test process of session '{route.Session.Name}' went away before it answered. Run the test again, or close the intercept.");
        }
        else
        {
            await answers.FailAsync(
                context,
                StatusCodes.Status502BadGateway,
                ProxyErrors.TargetAborted,
                $"The test process of session '{route.Session.Name}' broke the request off before it answered: {cause?.Message} See the test's output.");
        }

        return true;
    }

    private Task AnswerWithoutTunnelAsync(HttpContext context, DataPort port, Session session)
    {
        if (session.Hello.PassWhenLost)
        {
            session.CountPassedWhenLost();
            return decoy.ForwardAsync(context, port, becauseLost: true);
        }

        session.CountLost();
        return answers.FailAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            ProxyErrors.TunnelLost,
            $"The test process of session '{session.Name}' can't be reached. Start the test again, close the intercept, or send the request without its header.");
    }

    private sealed class Transformer(ServedBy servedBy, LiveRoute route) : ForwardTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.TryAddWithoutValidation(InterceptHeaders.Route, route.Id);
            if (httpContext.Connection.RemoteIpAddress is { } address)
            {
                proxyRequest.Headers.TryAddWithoutValidation(
                    InterceptHeaders.Caller,
                    new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, httpContext.Connection.RemotePort).ToString());
            }
        }

        protected override void Stamp(HttpContext context) => servedBy.StampIntercept(context, route);
    }
}
