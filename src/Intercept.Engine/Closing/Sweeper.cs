using Intercept.Engine.Api;
using Intercept.Engine.Inventory;
using Intercept.Engine.Journal;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>Closes what is orphaned on all Services of some namespaces, or of the cluster.</summary>
internal sealed class Sweeper(ClusterConnection cluster, TimeProvider time, InterceptTimeouts timeouts, StepLog log)
{
    /// <summary>Closes. One Service's trouble keeps nobody from closing the others.</summary>
    /// <param name="namespaces">Where; the whole cluster where it holds null.</param>
    /// <param name="scope">Whom.</param>
    /// <param name="thorough">Whether to look at every Service and object of ours, instead of the Services that Sessions name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiException">The cluster can't be read.</exception>
    /// <exception cref="InterceptException">Some could not be closed.</exception>
    public async Task<IReadOnlyList<SweptIntercept>> RunAsync(
        IReadOnlyList<string?> namespaces, SweepScope scope, bool thorough, CancellationToken cancellationToken)
    {
        var services = new HashSet<ServiceReference>();
        foreach (var namespaceName in namespaces)
        {
            services.UnionWith(await FindAsync(namespaceName, thorough, cancellationToken));
        }

        var results = await Task.WhenAll(services.Select(service => SweepAsync(service, scope, cancellationToken)));
        var failures = results.Select(result => result.Failure).OfType<Exception>().ToArray();
        if (failures.Length > 0)
        {
            throw new InterceptException(
                $"""
                The sweep could not close everything:
                {string.Join(Environment.NewLine, failures.Select(failure => failure.Message))}
                What it did:
                {log}
                """,
                failures[0]);
        }

        return [.. results.SelectMany(result => result.Closed)];
    }

    private async Task<IEnumerable<ServiceReference>> FindAsync(string? namespaceName, bool thorough, CancellationToken cancellationToken)
    {
        if (!thorough)
        {
            return (await SessionJournal.ReadAsync(cluster.Api, namespaceName, cancellationToken)).Sessions.Select(ReferenceOf);
        }

        var inventory = await ClusterInventory.ReadAsync(cluster.Api, namespaceName, [], cancellationToken);
        return inventory.Journal.Sessions.Select(ReferenceOf).Concat(
            inventory.Services.Select(service => ServiceReference.Parse($"{service.Metadata.NamespaceProperty}/{service.Metadata.Name}")));
    }

    private async Task<(IReadOnlyList<SweptIntercept> Closed, Exception? Failure)> SweepAsync(
        ServiceReference reference, SweepScope scope, CancellationToken cancellationToken)
    {
        try
        {
            var service = await cluster.Api.FindAsync<V1Service>(reference.Namespace, reference.Name, cancellationToken);
            var parts = new ServiceScope(cluster.Api, reference, time);
            var closed = await new Orphans(parts, timeouts, log).CloseAsync(service ?? new V1Service(), cluster.ConnectProxy, scope, cancellationToken);
            if (service is not null && scope.IncludesNameless)
            {
                await AbandonedOwnership.ClearAsync(parts, service, cancellationToken);
            }

            return ([.. closed.Select(orphan => new SweptIntercept(reference.ToString(), orphan.Target.Participant.Id, orphan.Reason))], null);
        }
        catch (Exception exception) when (exception is ApiException or InterceptException)
        {
            return ([], new InterceptException($"{reference}: {exception.Message}", exception));
        }
    }

    private static ServiceReference ReferenceOf(SessionResource session) =>
        ServiceReference.Parse($"{session.Spec.Service.Namespace}/{session.Spec.Service.Name}");
}
