using Intercept.Proxy.Contract;

namespace Intercept.Proxy.Forwarding;

/// <summary>Answers that the proxy makes up itself.</summary>
internal sealed class Answers(ServedBy servedBy)
{
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
