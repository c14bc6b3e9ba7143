using Intercept.Engine.Opening;
using Intercept.Proxy.Configuration;

namespace Intercept.Engine.Tunnels;

/// <summary>Connects participants by tunnels to a ready pod of the proxy.</summary>
internal sealed class TunnelConnector(PodDialer dial)
{
    /// <summary>Attaches.</summary>
    /// <exception cref="InterceptException">The proxy could not be reached, or refused.</exception>
    public async Task<IProxyLink> ConnectAsync(ServiceScope scope, TunnelOptions options, CancellationToken cancellationToken)
    {
        return await Tunnel.ConnectAsync(options, DialAsync, scope.Time, cancellationToken);

        async Task<Stream> DialAsync(CancellationToken token)
        {
            // The pod is looked up again for each attempt: after an eviction it is another one.
            var pod = await scope.Pods.WaitForReadyAsync(token);
            return await dial(scope.Service.Namespace, pod.Metadata.Name, ProxyConfiguration.DefaultControlPort, token);
        }
    }
}
