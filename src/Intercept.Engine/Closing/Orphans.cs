using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>
/// Finds and closes what nobody else will close on one Service: Sessions whose holder has ended for certain (the same host and
/// boot, and no process of that number and start time), and participants that the Service, the proxy or the decoy still name
/// although their Session is gone.
/// </summary>
internal sealed class Orphans(ServiceScope scope)
{
    /// <summary>Closes them.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> CloseAsync(
        ProxyConnector connect, V1Service service, InterceptTimeouts timeouts, StepLog log, CancellationToken cancellationToken)
    {
        var orphans = await FindAsync(session => session.Spec.Holder.IsGone() ? "its process has ended" : null, cancellationToken);
        foreach (var orphan in orphans)
        {
            log.Add($"{orphan.Reason}: closing it");
            await new Teardown(scope, timeouts, log, connect).RunAsync(orphan.Target, service, connection: null, byOther: true, cancellationToken);
        }

        return await AbandonedOwnership.ClearAsync(scope, service, cancellationToken) || orphans.Count > 0;
    }

    /// <summary>Finds them.</summary>
    /// <param name="judge">Why a Session's holder counts as dead; null where it does not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<Orphan>> FindAsync(Func<SessionResource, string?> judge, CancellationToken cancellationToken)
    {
        // Who is named is read before the Sessions: a participant is named only after its Session was written, and no longer
        // when that is deleted. So nobody who is on the way in or out is taken for an orphan.
        var service = await scope.Api.FindAsync<V1Service>(scope.Service.Namespace, scope.Service.Name, cancellationToken);
        var named = await ReadNamedAsync(service, cancellationToken);
        var journal = await scope.Journal.ReadAsync(cancellationToken);
        var known = journal.Sessions.Select(session => session.Metadata.Uid).Concat(journal.Unreadable.Select(session => session.Metadata.Uid)).ToHashSet();
        var orphans = new List<Orphan>();
        foreach (var session in journal.Sessions)
        {
            if (judge(session) is { } reason)
            {
                orphans.Add(new Orphan(
                    ClosingTarget.Of(session), $"Session {session.Metadata.Name} was left by {session.Spec.Holder.Describe(scope.Time)}, {reason}"));
            }
        }

        foreach (var participant in named.Where(participant => !known.Contains(participant.Uid)))
        {
            var target = new SessionTarget(scope.Service.Namespace, scope.Service.Name, service?.Metadata.Uid ?? string.Empty);
            orphans.Add(new Orphan(
                new ClosingTarget(participant, target, null), $"Session {participant.Id} was deleted, and {scope.Service} or its proxy still names it"));
        }

        return orphans;
    }

    private async Task<IReadOnlyList<Participant>> ReadNamedAsync(V1Service? service, CancellationToken cancellationToken) =>
    [
        .. (service?.ReadRecord()?.Participants ?? [])
            .Concat(service?.ToLive().Fences ?? [])
            .Concat(await scope.Deployment.ClaimsAsync(cancellationToken))
            .Concat(await scope.ConfigMap.ClaimsAsync(cancellationToken))
            .Concat(await scope.Decoy.ClaimsAsync(cancellationToken))
            .Distinct(),
    ];
}
