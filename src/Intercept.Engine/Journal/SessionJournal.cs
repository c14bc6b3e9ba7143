using System.Globalization;
using Intercept.Engine.Api;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Journal;

/// <summary>Writes and reads the Sessions of one Service.</summary>
internal sealed class SessionJournal(IClusterApi api, ServiceReference service, TimeProvider time)
{
    private static readonly TimeSpan DefinitionSettles = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefinitionPoll = TimeSpan.FromMilliseconds(50);

    private readonly InterceptNames _names = InterceptNames.For(service);

    /// <summary>Writes a participant's journal, under the first free name.</summary>
    public async Task<SessionResource> WriteAsync(SessionResource session, CancellationToken cancellationToken)
    {
        session.Metadata.Name = _names.Session;
        return await TryCreateAsync(session, cancellationToken)
            ?? await TryCreateAsync(WithName(session, _names.SessionFor(session.Spec.Nonce)), cancellationToken)
            ?? throw new InterceptException($"Both names for a Session of {service} are taken; run the test again.");
    }

    /// <summary>
    /// The Session that a participant wrote, found by its nonce; also one whose creation was never answered.
    /// </summary>
    public async Task<SessionResource?> FindAsync(string nonce, CancellationToken cancellationToken)
    {
        foreach (var name in (string[])[_names.Session, _names.SessionFor(nonce)])
        {
            var found = await api.FindAsync<SessionResource>(service.Namespace, name, cancellationToken);
            if (found?.Spec.Nonce == nonce)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The Sessions that stand for this Service.</summary>
    /// <exception cref="InterceptException">One of the namespace is not whole, so that it may be one of these.</exception>
    public async Task<IReadOnlyList<SessionResource>> ListAsync(CancellationToken cancellationToken)
    {
        var sessions = new List<SessionResource>();
        foreach (var session in await ListAllAsync(cancellationToken))
        {
            if (session.Spec?.Service?.Name is null || session.Spec.Service.Name == service.Name)
            {
                SessionCheck.RequireWhole(session, service);
                sessions.Add(session);
            }
        }

        return sessions;
    }

    /// <summary>The Sessions of those who take part in a hijack.</summary>
    public async Task<IReadOnlyList<SessionResource>> ListAsync(ServiceRecord record, CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Where(session => record.Participants.Contains(session.Participant))];

    /// <summary>Tells people how far the participant is.</summary>
    public async Task SetPhaseAsync(SessionResource session, SessionPhase phase, string? message, CancellationToken cancellationToken)
    {
        try
        {
            await api.PatchStatusAsync<SessionResource>(
                service.Namespace, session.Metadata.Name, new { status = new { phase = phase.ToString(), message } }, cancellationToken);
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            // Somebody deleted the Session. The Service is the truth; what follows reads it.
        }
    }

    /// <summary>Shows that the participant lives.</summary>
    /// <returns>Its Session as it is now; null where somebody deleted it.</returns>
    public async Task<SessionResource?> BeatAsync(SessionResource session, CancellationToken cancellationToken)
    {
        try
        {
            var heartbeat = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            await api.PatchStatusAsync<SessionResource>(
                service.Namespace, session.Metadata.Name, new { status = new { heartbeat } }, cancellationToken);
            var live = await api.FindAsync<SessionResource>(service.Namespace, session.Metadata.Name, cancellationToken);
            return live?.Metadata.Uid == session.Metadata.Uid ? live : null;
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Takes the journal away, as the last thing of all.</summary>
    public async Task DeleteAsync(SessionResource session, CancellationToken cancellationToken)
    {
        for (var live = session; live is not null && live.Metadata.Uid == session.Metadata.Uid;)
        {
            try
            {
                await api.DeleteAsync(live, cancellationToken);
                return;
            }
            catch (ApiException exception) when (exception.IsConflict)
            {
                live = await api.FindAsync<SessionResource>(service.Namespace, session.Metadata.Name, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<SessionResource>> ListAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.ListAsync<SessionResource>(service.Namespace, Labels.SelectAll, cancellationToken);
        }
        catch (ApiException exception) when (exception.IsUnreadable)
        {
            throw SessionCheck.Unreadable(service, exception);
        }
    }

    private static SessionResource WithName(SessionResource session, string name)
    {
        session.Metadata.Name = name;
        return session;
    }

    /// <summary>Creates a Session; null where its name is another participant's.</summary>
    private async Task<SessionResource?> TryCreateAsync(SessionResource session, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await api.CreateAsync(session, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsAlreadyExists)
            {
                var found = await api.FindAsync<SessionResource>(service.Namespace, session.Metadata.Name, cancellationToken);
                return found?.Spec.Nonce == session.Spec.Nonce ? found : null;
            }
            catch (ApiException exception) when (exception.IsNotFound && time.GetElapsedTime(begun) < DefinitionSettles)
            {
                // For some seconds after a CRD was created its resource may answer 404, although the CRD says Established.
                await Task.Delay(DefinitionPoll, time, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsNotFound)
            {
                throw new InterceptException(
                    "The cluster does not know the custom resource sessions.system.codezero.io, and this account may not install it. "
                    + "Let an administrator install it once: docs/rights.md names the file.",
                    exception);
            }
        }
    }
}
