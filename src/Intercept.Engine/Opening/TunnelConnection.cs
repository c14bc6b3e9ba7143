using Intercept.Engine.Journal;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Configuration;

namespace Intercept.Engine.Opening;

/// <summary>The tunnel of one participant, with the route of its own rule.</summary>
internal sealed class TunnelConnection : IAsyncDisposable
{
    private readonly IAsyncDisposable _route;

    private TunnelConnection(Tunnel tunnel, IAsyncDisposable route)
    {
        Tunnel = tunnel;
        _route = route;
    }

    public Tunnel Tunnel { get; }

    /// <summary>Connects to a ready pod of the proxy and makes the participant's rule live.</summary>
    public static async Task<TunnelConnection> OpenAsync(
        ServiceScope scope, InterceptPlan plan, string? portName, SessionResource session, PodDialer dial, CancellationToken cancellationToken)
    {
        var options = new TunnelOptions
        {
            SessionName = session.Metadata.Name,
            Claim = plan.Rule,
            TestClaim = HeaderRule.Create(session.Spec.Claim.TestHeader, session.Spec.Claim.TestValuePrefix),
            Port = portName,
            WhenLost = plan.WhenLost,
            AttachTimeout = plan.Timeouts.Tunnel,
        };
        var tunnel = await Tunnel.ConnectAsync(options, DialAsync, scope.Time, cancellationToken);
        try
        {
            return new TunnelConnection(tunnel, await tunnel.AddRouteAsync(plan.Rule, plan.Handler, cancellationToken));
        }
        catch
        {
            await tunnel.DisposeAsync();
            throw;
        }

        async Task<Stream> DialAsync(CancellationToken token)
        {
            // The pod is looked up again for each attempt: after an eviction it is another one.
            var pod = await scope.Pods.WaitForReadyAsync(token);
            return await dial(scope.Service.Namespace, pod.Metadata.Name, ProxyConfiguration.DefaultControlPort, token);
        }
    }

    /// <summary>The rule is off when this returns; requests that came before are still answered.</summary>
    public ValueTask StopRoutingAsync() => _route.DisposeAsync();

    public ValueTask DisposeAsync() => Tunnel.DisposeAsync();
}
