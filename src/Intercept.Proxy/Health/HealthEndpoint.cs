using Intercept.Proxy.Reaping;

namespace Intercept.Proxy.Health;

/// <summary>What the kubelet asks: <c>/healthz</c> while the process lives, <c>/readyz</c> while it takes requests.</summary>
internal sealed class HealthEndpoint(IHostApplicationLifetime lifetime, ReaperStatus reaper)
{
    /// <summary>Answers one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var isReady = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
        context.Response.StatusCode = context.Request.Path.Value switch
        {
            "/healthz" => StatusCodes.Status200OK,
            "/readyz" => isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status404NotFound,
        };
        return context.Response.WriteAsync(context.Response.StatusCode == StatusCodes.Status200OK ? $"ok\nreaper {reaper.Text}\n" : "no\n", context.RequestAborted);
    }
}
