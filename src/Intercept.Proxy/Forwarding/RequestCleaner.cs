using Intercept.Proxy.Contract;
using Intercept.Proxy.Routing;

namespace Intercept.Proxy.Forwarding;

/// <summary>Takes out of a request what must not go beyond the proxy.</summary>
internal sealed class RequestCleaner(RouteTable routes)
{
    private const string PropagatedPrefix = "x-c6o-";

    /// <summary>
    /// Drops <c>x-intercept-*</c> headers of callers (a probe that this proxy does not know may be another's), and what
    /// <c>Connection</c> names; but not headers that route, which would let a caller's proxy turn routing off by accident.
    /// </summary>
    public void Clean(HttpContext context)
    {
        var headers = context.Request.Headers;
        List<string>? drop = null;
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith(InterceptHeaders.Prefix, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(InterceptHeaders.Probe, StringComparison.OrdinalIgnoreCase))
            {
                (drop ??= []).Add(name);
            }
        }

        if (headers.Connection.Count > 0 && context.Request.Protocol == HttpProtocol.Http11)
        {
            foreach (var token in headers.GetCommaSeparatedValues("Connection"))
            {
                if (IsHopByHop(token))
                {
                    (drop ??= []).Add(token);
                }
            }
        }

        foreach (var name in drop ?? [])
        {
            headers.Remove(name);
        }
    }

    /// <summary>Standard ones are YARP's affair: it needs <c>Upgrade</c> to recognise an upgrade.</summary>
    private bool IsHopByHop(string name) =>
        !name.Equals("close", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("upgrade", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("te", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("host", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("content-length", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith(PropagatedPrefix, StringComparison.OrdinalIgnoreCase)
        && !routes.UsesHeader(name);
}
