using Intercept.Proxy.Contract;
using Yarp.ReverseProxy.Forwarder;

namespace Intercept.Proxy.Forwarding;

/// <summary>Answers that the proxy makes up itself.</summary>
internal sealed class Answers(ServedBy servedBy)
{
    /// <summary>
    /// Whether nothing is left to say: the answer is under way or complete, or the caller has gone. A complete answer comes
    /// with an error too, where the other side did not want the rest of the request's body.
    /// </summary>
    public static bool IsAnswered(HttpContext context, ForwarderError error) =>
        error is ForwarderError.None
        || context.Response.HasStarted
        || context.RequestAborted.IsCancellationRequested
        || context.Response.Headers.ContainsKey(InterceptHeaders.ServedBy);

    /// <summary>Sends the caller away. Whatever follows on its connection can't be trusted to be a request, so that ends too.</summary>
    public Task RefuseAsync(HttpContext context, string text)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            });
        }

        return FailAsync(context, StatusCodes.Status400BadRequest, ProxyErrors.BadRequest, text);
    }

    /// <summary>Tells the caller in one line what went wrong and what to do.</summary>
    public Task FailAsync(HttpContext context, int status, string error, string text)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;

        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers[InterceptHeaders.Error] = error;
        servedBy.StampProxy(context);
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
