using Intercept.Engine.Journal;
using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Closing;

/// <summary>
/// A link to the proxy for whoever closes another process's intercept: it routes nothing, and proves on the data path what the
/// EndpointSlices only announce.
/// </summary>
internal static class ObserverLink
{
    private const int NonceBytes = 8;

    /// <summary>Connects.</summary>
    /// <exception cref="InterceptException">The proxy has no ready pod, or could not be reached.</exception>
    public static Task<IProxyLink> ConnectAsync(
        ServiceScope scope, ProxyConnector connect, InterceptTimeouts timeouts, CancellationToken cancellationToken)
    {
        var name = $"close-{SessionDraft.RandomHex(NonceBytes)}";
        var options = new TunnelOptions
        {
            SessionName = name,
            Claim = HeaderRule.Create(HeaderRule.DefaultName, name),
            AttachTimeout = timeouts.Drain,
        };
        return PhaseTimeout.RunAsync(
            $"The proxy of {scope.Service} could not be asked", nameof(InterceptTimeouts.Drain), timeouts.Drain, scope.Time,
            token => connect(scope, options, token), scope.Pods.DescribeAsync, cancellationToken);
    }
}
