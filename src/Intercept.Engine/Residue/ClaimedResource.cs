using Intercept.Engine.Api;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>
/// One of our objects beside the Service, shared by the participants that claim it: the first one creates it, the last one
/// deletes it. Every change is guarded by the version that was read, so two participants never lose each other's claims.
/// </summary>
internal sealed class ClaimedResource<T>(IClusterApi api, string namespaceName, string name, TimeProvider time)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Adds this participant's claim to the object that is there, or creates it with the claim.</summary>
    /// <param name="create">What to create; asked for only where there is nothing yet, since the proxy's ConfigMap is large.</param>
    /// <param name="participant">Who claims it.</param>
    /// <param name="cancellationToken">Ends the attempts; a write in flight is still awaited.</param>
    public async Task<T> ClaimAsync(Func<CancellationToken, Task<T>> create, Participant participant, CancellationToken cancellationToken)
    {
        T? desired = null;
        while (true)
        {
            var live = await api.FindMetadataAsync<T>(namespaceName, name, cancellationToken);
            if (live is not null)
            {
                if (await TryJoinAsync(live, participant, cancellationToken) is { } joined)
                {
                    return joined;
                }

                continue;
            }

            try
            {
                return await api.CreateAsync(desired ??= await DraftAsync(create, participant, cancellationToken), cancellationToken);
            }
            catch (ApiException exception) when (exception.IsAlreadyExists)
            {
                // Another participant was faster, or the answer to our own creation was lost: look again.
            }
        }
    }

    /// <summary>The same for something that is made at once.</summary>
    public Task<T> ClaimAsync(T desired, Participant participant, CancellationToken cancellationToken) =>
        ClaimAsync(_ => Task.FromResult(desired), participant, cancellationToken);

    /// <summary>The object, if this participant claims it; else null.</summary>
    public async Task<T?> FindClaimedAsync(Participant participant, CancellationToken cancellationToken)
    {
        var live = await api.FindMetadataAsync<T>(namespaceName, name, cancellationToken);
        return live?.Metadata.DeletionTimestamp is null && live is not null && live.ToLive().Claims.Contains(participant) ? live : null;
    }

    /// <summary>Those who claim the object; nobody where it is not there or not ours.</summary>
    public async Task<IReadOnlyList<Participant>> ClaimsAsync(CancellationToken cancellationToken)
    {
        var live = await api.FindMetadataAsync<T>(namespaceName, name, cancellationToken);
        return live is not null && IsOurs(live) ? live.ToLive().Claims : [];
    }

    /// <summary>Takes the claim back, and the object with it where nobody else claims it.</summary>
    /// <returns>Whether the object was deleted, now or before.</returns>
    public async Task<bool> ReleaseAsync(Participant participant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await api.FindMetadataAsync<T>(namespaceName, name, cancellationToken);
            if (live is null || live.Metadata.DeletionTimestamp is not null || !IsOurs(live))
            {
                return true;
            }

            var release = ClaimRelease.Decide(live.ToLive(), participant);
            try
            {
                if (release.Outcome == ClaimOutcome.Delete)
                {
                    await api.DeleteAsync(live, cancellationToken);
                }
                else if (release.Patch is { } patch)
                {
                    await api.PatchAsync<T>(namespaceName, name, patch, cancellationToken);
                }

                return release.Outcome == ClaimOutcome.Delete;
            }
            catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // It changed since it was read: read again and decide anew.
            }
        }
    }

    private static bool IsOurs(T live) =>
        live.Metadata.Labels is { } labels && labels.TryGetValue(Labels.ManagedBy, out var manager) && manager == Labels.Manager;

    /// <summary>Whether the Service that owns it is still there; if not, the cluster is about to collect it.</summary>
    private async Task<bool> IsOwnedAsync(T live, CancellationToken cancellationToken)
    {
        var owner = live.Metadata.OwnerReferences?.FirstOrDefault(reference => reference.Kind == "Service");
        return owner is not null
            && (await api.FindMetadataAsync<V1Service>(namespaceName, owner.Name, cancellationToken))?.Metadata.Uid == owner.Uid;
    }

    private async Task<T> DraftAsync(Func<CancellationToken, Task<T>> create, Participant participant, CancellationToken cancellationToken)
    {
        var draft = await create(cancellationToken);
        draft.Metadata.Name = name;
        draft.Metadata.NamespaceProperty = namespaceName;
        draft.Metadata.Annotations ??= new Dictionary<string, string>();
        draft.Metadata.Annotations[Labels.Claims] = ParticipantList.ToJson([participant]);
        return draft;
    }

    private async Task<T?> TryJoinAsync(T live, Participant participant, CancellationToken cancellationToken)
    {
        if (!IsOurs(live))
        {
            throw new InterceptException(
                $"{ApiPath.Kind<T>()} {namespaceName}/{name} exists already and is not ours (it lacks the label {Labels.SelectAll}). "
                + "An intercept needs that name; rename or delete the object if nothing uses it.");
        }

        if (live.Metadata.DeletionTimestamp is not null || !await IsOwnedAsync(live, cancellationToken))
        {
            // It is on its way out, by an earlier close or with an earlier Service of this name.
            await Task.Delay(Poll, time, cancellationToken);
            return null;
        }

        var claims = live.ToLive().Claims;
        if (claims.Contains(participant))
        {
            return live;
        }

        try
        {
            return await SetClaimsAsync(live, [.. claims, participant], cancellationToken);
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            return null;
        }
    }

    private Task<T> SetClaimsAsync(T live, IReadOnlyList<Participant> claims, CancellationToken cancellationToken) =>
        api.PatchAsync<T>(namespaceName, name, ClaimRelease.SetClaims(live.ToLive(), claims), cancellationToken);
}
