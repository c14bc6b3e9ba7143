using Intercept.Engine.Journal;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Opening;

/// <summary>The tunnel of one participant, with the route of its own rule.</summary>
internal sealed class TunnelConnection : IAsyncDisposable
{
    private readonly IAsyncDisposable _route;

    private TunnelConnection(IProxyLink link, IAsyncDisposable route)
    {
        Link = link;
        _route = route;
    }

    public IProxyLink Link { get; }

    /// <summary>Connects to a ready pod of the proxy and makes the participant's rule live.</summary>
    public static async Task<TunnelConnection> OpenAsync(
        ServiceScope scope, InterceptPlan plan, string? portName, SessionResource session, ProxyConnector connect, CancellationToken cancellationToken)
    {
        var options = new TunnelOptions
        {
            SessionName = session.Metadata.Name,
            SessionUid = session.Metadata.Uid,
            Claim = plan.Rule,
            TestClaim = HeaderRule.Create(session.Spec.Claim.TestHeader, session.Spec.Claim.TestValuePrefix),
            Port = portName,
            WhenLost = plan.WhenLost,
            TimeToLive = plan.TimeToLive,
            AttachTimeout = plan.Timeouts.Tunnel,
        };
        var link = await connect(scope, options, cancellationToken);
        try
        {
            return new TunnelConnection(link, await link.AddRouteAsync(plan.Rule, plan.Handler, cancellationToken));
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>The rule is off when this returns; requests that came before are still answered.</summary>
    public ValueTask StopRoutingAsync() => _route.DisposeAsync();

    public ValueTask DisposeAsync() => Link.DisposeAsync();
}
