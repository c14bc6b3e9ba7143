using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Intercept.Testing.Targets;

/// <summary>
/// The features of one request as the test server's application sees them. Facts are copies, because the test server
/// still reads them, for its log and its meters, when Kestrel has gone on to the next request; streams, aborts and the like are
/// Kestrel's own. What belongs to an application (services, endpoint, items, session) is not taken over.
/// </summary>
internal sealed class ApplicationFeatures(HttpContext kestrel, bool allowSynchronousIO)
{
    private readonly ApplicationResponseFeature _response = new(kestrel.Features.GetRequiredFeature<IHttpResponseFeature>());

    /// <summary>Puts the features in place of the test server's.</summary>
    public void CopyTo(HttpContext application)
    {
        var (from, to) = (kestrel.Features, application.Features);
        to.Set<IHttpRequestFeature>(new ApplicationRequestFeature(from.GetRequiredFeature<IHttpRequestFeature>()));
        to.Set<IHttpResponseFeature>(_response);
        to.Set<IHttpConnectionFeature>(CopyOf(kestrel.Connection));
        to.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature { TraceIdentifier = kestrel.TraceIdentifier });

        if (allowSynchronousIO && from.Get<IHttpBodyControlFeature>() is { } control)
        {
            control.AllowSynchronousIO = true;
        }

        Share<IHttpBodyControlFeature>();
        Share<IHttpRequestBodyDetectionFeature>();
        Share<IHttpRequestLifetimeFeature>();
        Share<IHttpRequestTrailersFeature>();
        Share<IHttpMaxRequestBodySizeFeature>();
        Share<IHttpMinRequestBodyDataRateFeature>();
        Share<IHttpMinResponseDataRateFeature>();
        Share<IHttpResponseBodyFeature>();
        Share<IHttpResponseTrailersFeature>();
        Share<IHttpResetFeature>();
        Share<IHttpUpgradeFeature>();
        Share<IHttpExtendedConnectFeature>();

        // Also where Kestrel has none: the test server's own would pretend that there was one.
        void Share<TFeature>() => to.Set(from.Get<TFeature>());
    }

    /// <summary>From now on Kestrel's answer is not looked at any more.</summary>
    public void Detach() => _response.Detach();

    private static HttpConnectionFeature CopyOf(ConnectionInfo connection) => new()
    {
        ConnectionId = connection.Id,
        LocalIpAddress = connection.LocalIpAddress,
        LocalPort = connection.LocalPort,
        RemoteIpAddress = connection.RemoteIpAddress,
        RemotePort = connection.RemotePort,
    };
}
