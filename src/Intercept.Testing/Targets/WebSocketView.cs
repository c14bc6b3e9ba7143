using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>
/// Shows a WebSocket that came through an HTTP/2 tunnel, as an extended CONNECT (RFC 8441), as the HTTP/1.1 GET with Upgrade that
/// the caller sent: an application that routes it by <c>MapGet</c> would answer 405 to a CONNECT.
/// </summary>
internal static class WebSocketView
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var features = context.Features;
        if (features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true, Protocol: "websocket" } connect)
        {
            await next(context);
            return;
        }

        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        var upgrade = features.Get<IHttpUpgradeFeature>();
        var reset = features.Get<IHttpResetFeature>();
        var answer = new UpgradeResponseFeature(response);
        features.Set<IHttpRequestFeature>(new UpgradeRequestFeature(request));
        features.Set<IHttpResponseFeature>(answer);
        features.Set<IHttpUpgradeFeature>(new UpgradeOverConnect(connect, answer));
        features.Set<IHttpExtendedConnectFeature>(null);
        features.Set<IHttpResetFeature>(null);
        try
        {
            await next(context);
        }
        finally
        {
            features.Set(request);
            features.Set(response);
            features.Set(upgrade);
            features.Set(connect);
            features.Set(reset);
        }
    }

    private sealed class UpgradeOverConnect(IHttpExtendedConnectFeature connect, UpgradeResponseFeature answer) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => true;

        public async Task<Stream> UpgradeAsync()
        {
            answer.SwitchProtocols();
            return await connect.AcceptAsync();
        }
    }
}
