using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Routing;
using Microsoft.Net.Http.Headers;

namespace Intercept.Proxy.Forwarding;

/// <summary>
/// Writes on each answer who gave it:
/// <c>intercept; session=NAME; route=ID; via=POD</c> for a test process, <c>cluster; via=POD</c> for the original pods
/// (with <c>; because=tunnel-lost</c> where a test process should have), <c>proxy; instance=ID; via=POD</c> for the proxy.
/// </summary>
internal sealed class ServedBy(ProxyState state)
{
    private readonly string _cluster = $"cluster; via={state.Pod}";
    private readonly string _proxy = $"proxy; instance={state.Instance}; via={state.Pod}";

    /// <summary>The original pods answered.</summary>
    public void StampCluster(HttpContext context, bool becauseLost)
    {
        Stamp(context, becauseLost ? $"{_cluster}; because={ProxyErrors.TunnelLost}" : _cluster);
    }

    /// <summary>A test process answered: no cache may give its answer to anybody else.</summary>
    public void StampIntercept(HttpContext context, LiveRoute route)
    {
        Stamp(context, $"intercept; session={route.Session.Name}; route={route.Id}; via={state.Pod}");
        if (context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            context.Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        }
    }

    /// <summary>The proxy itself answered.</summary>
    public void StampProxy(HttpContext context) => Stamp(context, _proxy);

    private void Stamp(HttpContext context, string servedBy)
    {
        context.Response.Headers[InterceptHeaders.ServedBy] = servedBy;
        if (!state.Draining || context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols)
        {
            return;
        }

        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Features.Get<CallerConnection>()?.RequestClose();
        }
        else
        {
            context.Response.Headers.Connection = "close";
        }
    }
}
