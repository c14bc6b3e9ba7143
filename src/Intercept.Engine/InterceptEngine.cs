using System.Collections.Concurrent;
using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Engine.Guarding;
using Intercept.Engine.Inventory;
using Intercept.Engine.Opening;
using Intercept.Proxy.Protocol;
using k8s;

namespace Intercept.Engine;

/// <summary>Opens intercepts on one cluster.</summary>
internal sealed class InterceptEngine(
    ClusterConnection cluster, TimeProvider time, ClusterAccess? access = null, InterceptLayers? layers = null, string? watchdogAssembly = null)
    : IAsyncDisposable
{
    private readonly ProcessGuard _guard = new(layers ?? new InterceptLayers(), access, watchdogAssembly);
    private readonly ConcurrentDictionary<ServiceReference, ServiceRouting> _intercepted = new();

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

    /// <summary>The namespace to look into where the account may not look into all of them, and nothing was intercepted yet.</summary>
    public string DefaultNamespace { get; init; } = "default";

    /// <summary>Opens an intercept, strictly in the order of docs/architecture.md; undoes what it did where a step fails.</summary>
    /// <exception cref="InterceptException">It could not be opened; the message tells why and what is left (normally nothing).</exception>
    public async Task<Interception> OpenAsync(InterceptPlan plan, IProgress<InterceptStep>? progress, CancellationToken cancellationToken)
    {
        var scope = new ServiceScope(cluster.Api, plan.Service, time);
        var interception = await new OpeningSequence(
            cluster, scope, plan, new StepLog(time, progress), _guard).RunAsync(cancellationToken);
        _intercepted[plan.Service] = interception.Original;
        return interception;
    }

    /// <summary>What of ours is in the cluster.</summary>
    /// <param name="namespaces">
    /// Where to look. Empty for all that the account may list; else those of the Services that this engine has intercepted, else
    /// <see cref="DefaultNamespace"/>.
    /// </param>
    /// <param name="mine">Whether only what this user on this machine, or this CI run, has left is of interest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InterceptException">The cluster can't be read.</exception>
    public async Task<ResidueReport> GetResidueAsync(IReadOnlyList<string> namespaces, bool mine, CancellationToken cancellationToken)
    {
        var reader = new ResidueReader(cluster.Api, time, _intercepted);
        try
        {
            return await WhereAllowedAsync(
                namespaces, where => reader.ReadAsync([.. where.OfType<string>()], mine, cancellationToken));
        }
        catch (ApiException exception)
        {
            throw new InterceptException($"What intercepts have left in the cluster could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>Closes what nobody else will close any more.</summary>
    /// <param name="namespaces">Where to look, as in <see cref="GetResidueAsync"/>.</param>
    /// <param name="scope">Whom.</param>
    /// <param name="thorough">Whether to look at everything that is ours, instead of Sessions alone.</param>
    /// <param name="progress">Told each step.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InterceptException">The cluster can't be read, or not everything could be closed.</exception>
    public async Task<IReadOnlyList<SweptIntercept>> SweepAsync(
        IReadOnlyList<string> namespaces, SweepScope scope, bool thorough, IProgress<InterceptStep>? progress, CancellationToken cancellationToken)
    {
        var sweeper = new Sweeper(cluster, time, new InterceptTimeouts(), new StepLog(time, progress));
        try
        {
            return await WhereAllowedAsync(namespaces, where => sweeper.RunAsync(where, scope, thorough, cancellationToken));
        }
        catch (ApiException exception)
        {
            throw new InterceptException($"What ended processes have left in the cluster could not be read: {exception.Message}", exception);
        }
    }

    /// <summary>Does it where it was asked for, else in the whole cluster (null), else where this account has work.</summary>
    private async Task<T> WhereAllowedAsync<T>(IReadOnlyList<string?> namespaces, Func<IReadOnlyList<string?>, Task<T>> run)
    {
        try
        {
            return await run(namespaces.Count > 0 ? namespaces : [null]);
        }
        catch (ApiException exception) when (exception.IsForbidden && namespaces.Count == 0)
        {
            string[] known = [.. _intercepted.Keys.Select(service => service.Namespace).Distinct()];
            return await run(known.Length > 0 ? known : [DefaultNamespace]);
        }
    }

    /// <summary>
    /// A handler whose connections are port-forwards to a ready pod behind the Service and port that the request's URI
    /// names as <c>http://name.namespace:port/</c>.
    /// </summary>
    public HttpMessageHandler CreateServiceHandler() => cluster.CreateServiceHandler();

    /// <summary>Lets go of the watchdog. Intercepts that are still open stay so, and it closes them.</summary>
    public ValueTask DisposeAsync() => _guard.DisposeAsync();
}
