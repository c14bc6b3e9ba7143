using Intercept.Engine.Guarding;
using Intercept.Engine.Opening;
using k8s;

namespace Intercept.Engine;

/// <summary>Opens intercepts on one cluster.</summary>
internal sealed class InterceptEngine(
    ClusterConnection cluster, TimeProvider time, ClusterAccess? access = null, InterceptLayers? layers = null, string? watchdogAssembly = null)
    : IAsyncDisposable
{
    private readonly ProcessGuard _guard = new(layers ?? new InterceptLayers(), access, watchdogAssembly);

    /// <summary>An engine on a KubernetesClient's connection, which stays the caller's.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="access">How another process reaches the cluster; null where the cluster ends with this process.</param>
    /// <param name="layers">Which layers clean up after this process; all where null.</param>
    public InterceptEngine(Kubernetes client, TimeProvider time, ClusterAccess? access = null, InterceptLayers? layers = null)
        : this(ClusterConnection.Over(client, time), time, access, layers)
    {
    }

    /// <summary>The process that closes what this one leaves open; null where there shall be none.</summary>
    public WatchdogLink? Watchdog => _guard.Watchdog;

    /// <summary>Opens an intercept, strictly in the order of docs/architecture.md; undoes what it did where a step fails.</summary>
    /// <exception cref="InterceptException">It could not be opened; the message tells why and what is left (normally nothing).</exception>
    public Task<Interception> OpenAsync(InterceptPlan plan, IProgress<InterceptStep>? progress, CancellationToken cancellationToken) =>
        new OpeningSequence(
            cluster,
            new ServiceScope(cluster.Api, plan.Service, time),
            plan with { Reaper = plan.Reaper && _guard.Layers.Reaper },
            new StepLog(time, progress),
            _guard).RunAsync(cancellationToken);

    /// <summary>
    /// A handler whose connections are port-forwards to a ready pod behind the Service and port that the request's URI
    /// names as <c>http://name.namespace:port/</c>.
    /// </summary>
    public HttpMessageHandler CreateServiceHandler() => cluster.CreateServiceHandler();

    /// <summary>Lets go of the watchdog. Intercepts that are still open stay so, and it closes them.</summary>
    public ValueTask DisposeAsync() => _guard.DisposeAsync();
}
