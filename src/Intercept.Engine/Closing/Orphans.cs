using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>
/// Finds and closes what nobody else will close on one Service: Sessions whose holder has ended for certain (the same host and
/// boot, and no process of that number and start time) or gives no sign of life, participants that the Service, the proxy or the
/// decoy still name although their Session is gone, and everybody where somebody deleted the proxy or the decoy.
/// </summary>
internal sealed class Orphans(ServiceScope scope, InterceptTimeouts timeouts, StepLog log)
{
    /// <summary>Closes them: first who is dead for certain, then who turns out to be silent.</summary>
    /// <param name="service">The Service as it is.</param>
    /// <param name="connect">How to prove the way back on the data path.</param>
    /// <param name="sweep">Whom.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Who was closed.</returns>
    public async Task<IReadOnlyList<Orphan>> CloseAsync(
        V1Service service, ProxyConnector connect, SweepScope sweep, CancellationToken cancellationToken)
    {
        var silence = new Silence(scope.Journal, scope.Time, log);
        var suspects = new List<SessionResource>();
        var dead = await FindAsync(Judge, sweep.IncludesNameless, cancellationToken);
        await CloseAsync(dead, service, connect, cancellationToken);
        if (suspects.Count == 0)
        {
            return dead;
        }

        var found = new List<Orphan>();
        foreach (var session in await silence.WatchAsync(suspects, cancellationToken))
        {
            if (await scope.Journal.TryMarkClosingAsync(session, cancellationToken))
            {
                found.Add(Left(session, "its heartbeat stands still"));
            }
        }

        await CloseAsync(found, service, connect, cancellationToken);
        return [.. dead, .. found];

        string? Judge(SessionResource session)
        {
            if (!sweep.Includes(session, scope.Time))
            {
                return null;
            }

            if (session.Spec.Holder.IsGone())
            {
                return "its process has ended";
            }

            if (sweep.Living)
            {
                return "whom the sweep was told to close too";
            }

            if (sweep.WatchesSilent && silence.LooksOld(session))
            {
                suspects.Add(session);
            }

            return null;
        }
    }

    /// <summary>Closes everybody where somebody deleted the proxy or the decoy under the hijacked Service.</summary>
    public async Task CloseBrokenAsync(V1Service service, CancellationToken cancellationToken) =>
        await CloseAsync(await FindAsync(_ => null, true, cancellationToken), service, connect: null, cancellationToken);

    /// <summary>Finds them.</summary>
    /// <param name="judge">Why a Session's holder counts as dead; null where it does not.</param>
    /// <param name="everything">Whether those without a Session count, and everybody where proxy or decoy are gone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<Orphan>> FindAsync(
        Func<SessionResource, string?> judge, bool everything, CancellationToken cancellationToken)
    {
        // Who is named is read before the Sessions: a participant is named only after its Session was written, and no longer
        // when that is deleted. So nobody who is on the way in or out is taken for an orphan.
        var service = await scope.Api.FindAsync<V1Service>(scope.Service.Namespace, scope.Service.Name, cancellationToken);
        var record = service?.ReadRecord();
        var claims = new Claims(
            await scope.Deployment.ClaimsAsync(cancellationToken), await scope.ConfigMap.ClaimsAsync(cancellationToken), await scope.Decoy.ClaimsAsync(cancellationToken));
        var journal = await scope.Journal.ReadAsync(cancellationToken);
        var breakage = everything && record is not null ? await FindBreakageAsync(claims, cancellationToken) : null;
        var orphans = new List<Orphan>();
        foreach (var session in journal.Sessions)
        {
            if ((record?.Participants.Contains(session.Participant) == true ? breakage : null) is { } reason || (reason = judge(session)) is not null)
            {
                orphans.Add(Left(session, reason));
            }
        }

        if (everything)
        {
            var known = journal.Sessions.Select(session => session.Metadata.Uid).Concat(journal.Unreadable.Select(session => session.Metadata.Uid)).ToHashSet();
            var named = (record?.Participants ?? []).Concat(service?.ToLive().Fences ?? []).Concat(claims.All).Distinct();
            var target = new SessionTarget(scope.Service.Namespace, scope.Service.Name, service?.Metadata.Uid ?? string.Empty);
            orphans.AddRange(named.Where(participant => !known.Contains(participant.Uid)).Select(participant => new Orphan(
                new ClosingTarget(participant, target, null), $"Session {participant.Id} was deleted, and {scope.Service} or its proxy still names it")));
        }

        return orphans;
    }

    /// <summary>Closes those that were found. Whose process lives after all is kept from entering by a fence.</summary>
    public async Task CloseAsync(IReadOnlyList<Orphan> orphans, V1Service service, ProxyConnector? connect, CancellationToken cancellationToken)
    {
        foreach (var orphan in orphans)
        {
            log.Add($"{orphan.Reason}: closing it");
            await new Teardown(scope, timeouts, log, connect).RunAsync(orphan.Target, service, connection: null, byOther: true, cancellationToken);
        }
    }

    private Orphan Left(SessionResource session, string reason) =>
        new(ClosingTarget.Of(session), $"Session {session.Metadata.Name} was left by {session.Spec.Holder.Describe(scope.Time)}, {reason}");

    /// <summary>A hijacked Service has both from before its hijack until after its restore; only somebody else can have deleted one.</summary>
    private async Task<string?> FindBreakageAsync(Claims claims, CancellationToken cancellationToken)
    {
        if (claims.Deployment.Count == 0 && await IsGoneAsync<V1Deployment>(scope.Names.Interceptor, cancellationToken))
        {
            return $"but Deployment {scope.Names.Interceptor} was deleted, to which the Service leads";
        }

        return claims.Decoy.Count == 0 && await IsGoneAsync<V1Service>(scope.Names.Decoy, cancellationToken)
            ? $"but the decoy {scope.Names.Decoy} was deleted, to which the proxy leads"
            : null;
    }

    private async Task<bool> IsGoneAsync<T>(string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await scope.Api.FindMetadataAsync<T>(scope.Service.Namespace, name, cancellationToken) is not { Metadata.DeletionTimestamp: null };

    private sealed record Claims(IReadOnlyList<Participant> Deployment, IReadOnlyList<Participant> ConfigMap, IReadOnlyList<Participant> Decoy)
    {
        public IEnumerable<Participant> All => [.. Deployment, .. ConfigMap, .. Decoy];
    }
}
