using Intercept.Engine.Api;
using Intercept.Engine.Opening;
using Intercept.Engine.PortForwards;
using Intercept.Engine.Tunnels;
using k8s;

namespace Intercept.Engine;

/// <summary>Opens intercepts on one cluster.</summary>
internal sealed class InterceptEngine(ClusterConnection cluster, TimeProvider time)
{
    /// <summary>An engine on a KubernetesClient's connection, which stays the caller's.</summary>
    public InterceptEngine(Kubernetes client, TimeProvider time)
        : this(
            new ClusterConnection(
                new ClusterApi(client, time),
                new TunnelConnector((namespaceName, pod, port, token) => PortForwarder.DialAsync(client, namespaceName, pod, port, token)).ConnectAsync,
                () => new ServicePortForwardHandler(client)),
            time)
    {
    }

    /// <summary>Opens an intercept, strictly in the order of docs/architecture.md; undoes what it did where a step fails.</summary>
    /// <exception cref="InterceptException">It could not be opened; the message tells why and what is left (normally nothing).</exception>
    public Task<Interception> OpenAsync(InterceptPlan plan, IProgress<InterceptStep>? progress, CancellationToken cancellationToken) =>
        new OpeningSequence(cluster, new ServiceScope(cluster.Api, plan.Service, time), plan, new StepLog(time, progress))
            .RunAsync(cancellationToken);

    /// <summary>
    /// A handler whose connections are port-forwards to a ready pod behind the Service and port that the request's URI
    /// names as <c>http://name.namespace:port/</c>.
    /// </summary>
    public HttpMessageHandler CreateServiceHandler() => cluster.CreateServiceHandler();
}
