using Intercept.Engine.Api;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Tunnels;
using Intercept.Proxy;
using k8s;

namespace Intercept.Engine;

/// <summary>The three ways in which the engine reaches a cluster; all are the Kubernetes API.</summary>
/// <param name="Api">Objects.</param>
/// <param name="ConnectProxy">Connections to a Service's proxy, by port-forward to its loopback.</param>
/// <param name="CreateServiceHandler">HTTP to a Service's ready pods, by port-forward.</param>
internal sealed record ClusterConnection(IClusterApi Api, ProxyConnector ConnectProxy, Func<HttpMessageHandler> CreateServiceHandler)
{
    /// <summary>All three over one KubernetesClient, which stays the caller's.</summary>
    public static ClusterConnection Over(Kubernetes client, TimeProvider time) => new(
        new ClusterApi(client, time),
        new TunnelConnector((namespaceName, pod, port, token) => PortForwarder.DialAsync(client, namespaceName, pod, port, token)).ConnectAsync,
        () => new ServicePortForwardHandler(client));
    /// <summary>The proxy's program, file by file, as it is sent to the cluster. The default is what this process has loaded.</summary>
    public Func<CancellationToken, Task<IReadOnlyDictionary<string, byte[]>>> ReadProxyProgram { get; init; } = ProxyPayload.ReadAsync;
}
