using Intercept.Proxy.Contract;
using Intercept.Proxy.Control;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Proxy.Sessions;

/// <summary>The control port: turns an accepted hello into a tunnel, for as long as its connection lasts.</summary>
internal sealed class TunnelEndpoint(SessionRegistry registry, ControlSession control, IHostApplicationLifetime lifetime)
{
    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (context.Request.Path != TunnelHello.Path || upgrade is not { IsUpgradableRequest: true }
            || context.Request.Headers.Upgrade != TunnelHello.Protocol)
        {
            var found = $"{context.Request.Method} {context.Request.Path} is not POST {TunnelHello.Path} with Upgrade: {TunnelHello.Protocol}.";
            await RefuseAsync(context, Refusals.Malformed(found));
            return;
        }

        if (context.Request.Headers[TunnelHelloHeaders.Contract] is var theirs && theirs != $"{ContractVersion.Current}")
        {
            await RefuseAsync(context, Refusals.Version(theirs));
            return;
        }

        TunnelHello hello;
        try
        {
            hello = TunnelHelloHeaders.Read(context.Request.Headers);
        }
        catch (FormatException exception)
        {
            await RefuseAsync(context, Refusals.Malformed(exception.Message));
            return;
        }

        if (!registry.TryAttach(hello, out var attachment, out var problem))
        {
            await RefuseAsync(context, problem);
            return;
        }

        await ServeAsync(context, upgrade, attachment);
    }

    private async Task ServeAsync(HttpContext context, IHttpUpgradeFeature upgrade, Attachment attachment)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.Headers.Upgrade = TunnelHello.Protocol;
            using var tunnel = new TunnelConnection(await upgrade.UpgradeAsync(), attachment.Session.Hello.PingTimeout);
            var running = control.RunAsync(attachment, tunnel, stop.Token);
            await Task.WhenAny(running, attachment.Replaced);
            await stop.CancelAsync();
            await running;
        }
        finally
        {
            registry.Detach(attachment);
            // Whatever is still in flight shall be cut off, not ended cleanly.
            context.Abort();
        }
    }

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Code switch
        {
            ProblemCodes.Version => StatusCodes.Status426UpgradeRequired,
            ProblemCodes.Token => StatusCodes.Status403Forbidden,
            ProblemCodes.Attached => StatusCodes.Status409Conflict,
            ProblemCodes.Closed => StatusCodes.Status410Gone,
            ProblemCodes.Limit => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };
        if (context.Response.StatusCode == StatusCodes.Status426UpgradeRequired)
        {
            context.Response.Headers.Upgrade = TunnelHello.Protocol;
        }

        context.Response.Headers.Connection = "close";
        return context.Response.WriteAsJsonAsync(problem, ContractJson.Problem, cancellationToken: context.RequestAborted);
    }
}
