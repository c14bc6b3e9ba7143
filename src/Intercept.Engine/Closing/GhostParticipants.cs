using Intercept.Engine.Records;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>
/// Takes participants off a Service and its proxy whose Sessions somebody deleted by hand: nobody would close them any more.
/// A Service that was put back by hand, too, loses what was left of the record.
/// </summary>
internal static class GhostParticipants
{
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> CloseAsync(
        ServiceScope scope, ProxyConnector connect, V1Service service, InterceptTimeouts timeouts, StepLog log, CancellationToken cancellationToken)
    {
        // First who is named, then the Sessions: who is named has a Session until nothing names it any more.
        var named = await NamedAsync(scope, service, cancellationToken);
        if (named.Count == 0)
        {
            return false;
        }

        var journal = await scope.Journal.ReadAsync(cancellationToken);
        Participant[] ghosts =
        [
            .. named.Where(participant => journal.Sessions.All(session => session.Participant != participant)
                && journal.Unreadable.All(session => session.Metadata.Uid != participant.Uid)),
        ];
        foreach (var ghost in ghosts)
        {
            log.Add($"Session {ghost.Id} was deleted by somebody, but not all that belongs to it: closing it");
            await new Teardown(scope, timeouts, log, connect).RunAsync(ghost, service, cancellationToken);
        }

        return ghosts.Length > 0;
    }

    private static async Task<IReadOnlyList<Participant>> NamedAsync(ServiceScope scope, V1Service service, CancellationToken cancellationToken)
    {
        var live = service.ToLive();
        return
        [
            .. (service.ReadRecord()?.Participants ?? [])
                .Concat(live.Fences)
                .Concat(await scope.Deployment.ClaimsAsync(cancellationToken))
                .Concat(await scope.ConfigMap.ClaimsAsync(cancellationToken))
                .Concat(await scope.Decoy.ClaimsAsync(cancellationToken))
                .Distinct(),
        ];
    }
}
