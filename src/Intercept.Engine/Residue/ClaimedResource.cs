using Intercept.Engine.Api;
using Intercept.Engine.Records;
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

    /// <summary>Creates the object with this participant's claim, or adds the claim to the one that is there.</summary>
    public async Task<T> ClaimAsync(T desired, Participant participant, CancellationToken cancellationToken)
    {
        desired.Metadata.Name = name;
        desired.Metadata.NamespaceProperty = namespaceName;
        desired.Metadata.Annotations ??= new Dictionary<string, string>();
        desired.Metadata.Annotations[Labels.Claims] = ClaimSet.ToJson([participant]);
        while (true)
        {
            try
            {
                return await api.CreateAsync(desired, cancellationToken);
            }
            catch (ApiException exception) when (exception.IsAlreadyExists)
            {
                if (await TryJoinAsync(desired, participant, cancellationToken) is { } joined)
                {
                    return joined;
                }
            }
        }
    }

    /// <summary>The object, if this participant claims it; else null.</summary>
    public async Task<T?> FindClaimedAsync(Participant participant, CancellationToken cancellationToken)
    {
        var live = await api.FindAsync<T>(namespaceName, name, cancellationToken);
        return live?.Metadata.DeletionTimestamp is null && live is not null && ClaimSet.Of(live).Contains(participant) ? live : null;
    }

    /// <summary>Takes the claim back, and the object with it where nobody else claims it.</summary>
    /// <returns>Whether the object was deleted, now or before.</returns>
    public async Task<bool> ReleaseAsync(Participant participant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await api.FindAsync<T>(namespaceName, name, cancellationToken);
            if (live is null || live.Metadata.DeletionTimestamp is not null || !IsOurs(live))
            {
                return true;
            }

            var claims = ClaimSet.Of(live);
            Participant[] rest = [.. claims.Where(claim => claim != participant)];
            if (rest.Length > 0 && rest.Length == claims.Count)
            {
                return false;
            }

            try
            {
                if (rest.Length == 0)
                {
                    await api.DeleteAsync(live, cancellationToken);
                    return true;
                }

                await SetClaimsAsync(live, rest, cancellationToken);
                return false;
            }
            catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
            {
                // It changed since it was read: read again and decide anew.
            }
        }
    }

    private static bool IsOurs(T live) =>
        live.Metadata.Labels is { } labels && labels.TryGetValue(Labels.ManagedBy, out var manager) && manager == Labels.Manager;

    private async Task<T?> TryJoinAsync(T desired, Participant participant, CancellationToken cancellationToken)
    {
        var live = await api.FindAsync<T>(namespaceName, name, cancellationToken);
        if (live is null)
        {
            return null;
        }

        if (!IsOurs(live))
        {
            throw new InterceptException(
                $"{ApiPath.Kind<T>()} {namespaceName}/{name} exists already and is not ours (it lacks the label {Labels.SelectAll}). "
                + "An intercept needs that name; rename or delete the object if nothing uses it.");
        }

        if (live.Metadata.DeletionTimestamp is not null || OwnerUid(live) != OwnerUid(desired))
        {
            // It is on its way out, by an earlier close or with an earlier Service of this name.
            await Task.Delay(Poll, time, cancellationToken);
            return null;
        }

        var claims = ClaimSet.Of(live);
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

    private static string? OwnerUid(T resource) => resource.Metadata.OwnerReferences?.FirstOrDefault()?.Uid;

    private Task<T> SetClaimsAsync(T live, IReadOnlyList<Participant> claims, CancellationToken cancellationToken) =>
        api.PatchAsync<T>(
            namespaceName, name, JsonPatch.For(live).SetAnnotation(live, Labels.Claims, ClaimSet.ToJson(claims)), cancellationToken);
}
