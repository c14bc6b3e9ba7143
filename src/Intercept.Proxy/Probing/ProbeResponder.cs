using Intercept.Proxy.Contract;
using Intercept.Proxy.Forwarding;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Probing;

/// <summary>Answers probes of live sessions, as the proof that callers of a Service arrive here.</summary>
internal sealed class ProbeResponder(SessionRegistry registry, ProxyState state, ServedBy servedBy)
{
    /// <summary>Answers with 204 where it is a probe whose nonce a live session uses; everything else is an ordinary request.</summary>
    public bool TryAnswer(HttpContext context)
    {
        if (context.Request.Path != ProbePath.Value
            || context.Request.Headers[InterceptHeaders.Probe] is not [{ Length: > 0 } nonce]
            || !registry.KnowsNonce(nonce))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers[InterceptHeaders.Probe] = nonce;
        context.Response.Headers[InterceptHeaders.Instance] = state.Instance;
        context.Response.Headers.CacheControl = "no-store";
        servedBy.StampProxy(context);
        return true;
    }
}
