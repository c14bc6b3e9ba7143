using System.Net;
using k8s;

namespace Intercept.Engine.PortForwards;

/// <summary>
/// Sends requests for <c>http://service.namespace:port/</c> over port-forwards to ready pods behind the Service: what a
/// caller in the cluster would reach, from outside it. Each new connection takes the next pod; idle ones are kept for a minute.
/// </summary>
internal sealed class ServicePortForwardHandler : DelegatingHandler
{
    private readonly IKubernetes _client;
    private readonly ReadyPods _pods;

    /// <summary>A handler over this client.</summary>
    public ServicePortForwardHandler(IKubernetes client)
    {
        _client = client;
        _pods = new ReadyPods(client);
        InnerHandler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (namespaceName, service) = Split(context.DnsEndPoint.Host);
        var endpoint = await _pods.PickAsync(namespaceName, service, context.DnsEndPoint.Port, cancellationToken);
        return await PortForwarder.DialAsync(_client, namespaceName, endpoint.Pod, endpoint.Port, cancellationToken);
    }

    private static (string NamespaceName, string Service) Split(string host)
    {
        var parts = host.Split('.');
        return parts.Length >= 2
            ? (parts[1], parts[0])
            : throw new IOException($"'{host}' names no Service: write http://service.namespace:port/, for example http://frontend.shop:80/.");
    }
}
