using System.Globalization;
using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>
/// Writes and reads the Sessions of one Service: as custom resources, or as ConfigMaps where that resource is not to be had.
/// Both may stand side by side, if the resource was installed after the first intercept; what is read is their union.
/// </summary>
internal sealed class SessionJournal
{
    private static readonly TimeSpan DefinitionSettles = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefinitionPoll = TimeSpan.FromMilliseconds(50);

    private readonly IClusterApi _api;
    private readonly ServiceReference _service;
    private readonly TimeProvider _time;
    private readonly InterceptNames _names;
    private readonly ISessionStore _resources;
    private readonly ISessionStore _configMaps;

    public SessionJournal(IClusterApi api, ServiceReference service, TimeProvider time)
    {
        (_api, _service, _time) = (api, service, time);
        _names = InterceptNames.For(service);
        _resources = new CustomResourceStore(api, service.Namespace);
        _configMaps = new ConfigMapStore(api, service.Namespace);
    }

    private ISessionStore[] Stores => [_resources, _configMaps];

    /// <summary>Writes a participant's journal, under the first free name.</summary>
    public async Task<SessionResource> WriteAsync(SessionResource session, CancellationToken cancellationToken)
    {
        var installed = await SessionDefinition.EnsureAsync(_api, cancellationToken);
        foreach (var name in NamesFor(session.Spec.Nonce))
        {
            session.Metadata.Name = name;
            if (!await IsTakenAsync(_configMaps, session, cancellationToken) && await TryCreateAsync(session, installed, cancellationToken) is { } written)
            {
                return written;
            }
        }

        throw new InterceptException($"Both names for a Session of {_service} are taken; run the test again.");
    }

    /// <summary>
    /// The Session that a participant wrote, found by its nonce; also one whose creation was never answered.
    /// </summary>
    public async Task<SessionResource?> FindAsync(string nonce, CancellationToken cancellationToken)
    {
        foreach (var store in Stores)
        {
            foreach (var name in NamesFor(nonce))
            {
                var found = await store.FindAsync(name, cancellationToken);
                if (found?.Spec.Nonce == nonce)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>The Sessions that stand for this Service, and those that may do so but can't be read.</summary>
    public async Task<JournalContent> ReadAsync(CancellationToken cancellationToken)
    {
        var content = await ReadAsync(_api, _service.Namespace, cancellationToken);
        return content.Where(session => session.Spec.Service.Name == _service.Name, unreadable => unreadable.MayBeOf(_service.Name));
    }

    /// <summary>The Sessions of all Services of a namespace, or of the cluster where it is null.</summary>
    public static async Task<JournalContent> ReadAsync(IClusterApi api, string? namespaceName, CancellationToken cancellationToken)
    {
        var resources = await CustomResourceStore.ListAsync(api, namespaceName, cancellationToken);
        return resources.Union(await ConfigMapStore.ListAsync(api, namespaceName, cancellationToken));
    }

    /// <summary>The Sessions that stand for this Service.</summary>
    public async Task<IReadOnlyList<SessionResource>> ListAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Sessions;

    /// <summary>A Session that tells who owned the Service's fields before any intercept.</summary>
    public async Task<SessionResource?> FindWitnessAsync(V1Service service, CancellationToken cancellationToken) => SessionDraft.NeedsWitness(service)
        ? (await ListAsync(cancellationToken)).FirstOrDefault(session => session.Spec.Service.Uid == service.Metadata.Uid && session.Spec.ManagedFields is not null)
        : null;

    /// <summary>The Sessions of those who take part in a hijack.</summary>
    public async Task<IReadOnlyList<SessionResource>> ListAsync(ServiceRecord record, CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Where(session => record.Participants.Contains(session.Participant))];

    /// <summary>Tells people how far the participant's opening is.</summary>
    /// <exception cref="InterceptLostException">Somebody closes it: their mark must not be overwritten, because what they take away is not to be made again.</exception>
    public async Task SetPhaseAsync(SessionResource session, SessionPhase phase, string? message, CancellationToken cancellationToken)
    {
        // Where somebody deleted the Session there is nothing to tell. The Service is the truth; what follows reads it.
        var status = new JsonObject { ["phase"] = phase.ToString(), ["message"] = message };
        var live = await StoreOf(session).PatchStatusAsync(session, status, unlessClosing: true, cancellationToken);
        if (live is { IsClosing: true })
        {
            throw InterceptLostException.Fenced(_service, session.Metadata.Name);
        }
    }

    /// <summary>Marks the participant as being closed.</summary>
    public async Task MarkClosingAsync(SessionResource session, CancellationToken cancellationToken) => _ = await StoreOf(session).PatchStatusAsync(
        session, new JsonObject { ["phase"] = nameof(SessionPhase.Closing), ["message"] = null }, unlessClosing: false, cancellationToken);

    /// <summary>The same, but only while nothing has changed since the Session was seen: a heartbeat in between saves its holder.</summary>
    /// <returns>Whether the mark was made.</returns>
    public Task<bool> TryMarkClosingAsync(SessionResource seen, CancellationToken cancellationToken) => StoreOf(seen).TryPatchStatusAsync(
        seen, new JsonObject { ["phase"] = nameof(SessionPhase.Closing), ["message"] = null }, cancellationToken);

    /// <summary>Shows the others that the participant's holder is alive.</summary>
    /// <returns>The Session as it is now, so that a beat also notices that somebody closes it; null where it is gone.</returns>
    public Task<SessionResource?> BeatAsync(SessionResource session, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return StoreOf(session).PatchStatusAsync(session, new JsonObject { ["heartbeat"] = now }, unlessClosing: false, cancellationToken);
    }

    /// <summary>Takes the journal away, as the last thing of all.</summary>
    public async Task DeleteAsync(SessionResource session, CancellationToken cancellationToken)
    {
        for (var live = session; live is not null && live.Metadata.Uid == session.Metadata.Uid;)
        {
            try
            {
                await StoreOf(session).DeleteAsync(live, cancellationToken);
                return;
            }
            catch (ApiException exception) when (exception.IsConflict)
            {
                live = await StoreOf(session).FindAsync(session.Metadata.Name, cancellationToken);
            }
        }
    }

    private string[] NamesFor(string nonce) => [_names.Session, _names.SessionFor(nonce)];

    private ISessionStore StoreOf(SessionResource session) => session.Form == JournalForm.ConfigMap ? _configMaps : _resources;

    /// <summary>Whether a participant of the other form has the name: the proxy knows its sessions by name alone.</summary>
    private static async Task<bool> IsTakenAsync(ISessionStore store, SessionResource session, CancellationToken cancellationToken) =>
        await store.FindAsync(session.Metadata.Name, cancellationToken) is { } found && found.Spec.Nonce != session.Spec.Nonce;

    /// <summary>Creates a Session; null where its name is another participant's.</summary>
    /// <param name="session">The Session, with its name.</param>
    /// <param name="installed">Whether the custom resource is certain to be there.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    private async Task<SessionResource?> TryCreateAsync(SessionResource session, bool installed, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await TryCreateAsync(_resources, session, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsNotFound && !installed)
            {
                return await TryCreateAsync(_configMaps, session, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsNotFound && _time.GetElapsedTime(begun) < DefinitionSettles)
            {
                // For some seconds after a CRD was created its resource may answer 404, although the CRD says Established.
                await Task.Delay(DefinitionPoll, _time, cancellationToken);
            }
        }
    }

    private static async Task<SessionResource?> TryCreateAsync(ISessionStore store, SessionResource session, CancellationToken cancellationToken)
    {
        try
        {
            return await store.CreateAsync(session, cancellationToken);
        }
        catch (ApiException exception) when (exception.IsAlreadyExists)
        {
            var found = await store.FindAsync(session.Metadata.Name, cancellationToken);
            return found?.Spec.Nonce == session.Spec.Nonce ? found : null;
        }
    }
}
