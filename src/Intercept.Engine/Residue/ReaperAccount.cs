using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>
/// Who the proxy's pod is in the cluster, and what it may do there: a ServiceAccount, a Role and a RoleBinding of one name,
/// owned by the proxy's ConfigMap. A ServiceAccount that an administrator put there is used as it is.
/// </summary>
internal sealed class ReaperAccount(IClusterApi api, ServiceReference service, InterceptNames names, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private string Name => names.Interceptor;

    /// <summary>
    /// Lets a reaper that is at work already look at a further Session: before that participant shows anywhere, so that it is
    /// never asked about one that it may not see.
    /// </summary>
    public async Task AdmitAsync(string session, CancellationToken cancellationToken)
    {
        try
        {
            while (await api.FindAsync<V1Role>(service.Namespace, Name, cancellationToken) is { } role
                && role.ToLive() is { IsOurs: true, IsTerminating: false } live
                && !await TryNameAsync(role, live, session, cancellationToken))
            {
                // It changed since it was read.
            }
        }
        catch (ApiException exception) when (exception.IsForbidden)
        {
            // Told by the grant that follows.
        }
    }

    /// <summary>Gives the reaper its rights, where they are not there yet.</summary>
    /// <param name="owner">The proxy's ConfigMap.</param>
    /// <param name="session">The participant's Session.</param>
    /// <param name="cancellationToken">Ends the attempts; a write in flight is still awaited.</param>
    /// <returns>Why it can't have them; null where it has.</returns>
    public async Task<string?> GrantAsync(V1ConfigMap owner, string session, CancellationToken cancellationToken)
    {
        try
        {
            var account = await EnsureAsync(owner, () => new V1ServiceAccount { AutomountServiceAccountToken = false }, cancellationToken);
            if (!account.ToLive().IsOurs)
            {
                return null;
            }

            var role = await EnsureAsync(owner, () => new V1Role { Rules = ReaperRole.Rules(service, names, [session]) }, cancellationToken);
            var binding = await EnsureAsync(owner, CreateBinding, cancellationToken);
            if (!role.ToLive().IsOurs || !binding.ToLive().IsOurs)
            {
                return $"a Role or RoleBinding {service.Namespace}/{Name} exists already and is not ours (it lacks the label {Labels.SelectAll})";
            }

            await AdmitAsync(session, cancellationToken);
            return null;
        }
        catch (ApiException exception) when (exception.IsForbidden)
        {
            return exception.Message;
        }
    }

    /// <summary>
    /// Takes the rights back, once their ConfigMap is gone. Where this process may not, the cluster's garbage collector does it.
    /// </summary>
    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RemoveAsync<V1RoleBinding>(cancellationToken);
            await RemoveAsync<V1Role>(cancellationToken);
            await RemoveAsync<V1ServiceAccount>(cancellationToken);
        }
        catch (ApiException exception) when (exception.IsForbidden)
        {
            // Then it may not have created them either.
        }
    }

    private static bool IsOwnedBy(IMetadata<V1ObjectMeta> live, string uid) =>
        live.Metadata.OwnerReferences?.Any(owner => owner.Uid == uid) == true;

    private async Task<T> EnsureAsync<T>(V1ConfigMap owner, Func<T> create, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        while (true)
        {
            var live = await api.FindAsync<T>(service.Namespace, Name, cancellationToken);
            if (live is null)
            {
                try
                {
                    return await api.CreateAsync(Owned(create(), owner), cancellationToken);
                }
                catch (ApiException exception) when (exception.IsAlreadyExists)
                {
                    continue;
                }
            }

            if (!live.ToLive().IsOurs || (IsOwnedBy(live, owner.Metadata.Uid) && live.Metadata.DeletionTimestamp is null))
            {
                return live;
            }

            // It came with a ConfigMap that is gone, and would go after it sooner or later.
            await TryDeleteAsync(live, cancellationToken);
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private T Owned<T>(T resource, V1ConfigMap owner)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        resource.Metadata = new V1ObjectMeta
        {
            Name = Name,
            NamespaceProperty = service.Namespace,
            Labels = OwnedMetadata.LabelsFor(service.Name),
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = V1ConfigMap.KubeApiVersion,
                    Kind = V1ConfigMap.KubeKind,
                    Name = owner.Metadata.Name,
                    Uid = owner.Metadata.Uid,
                    BlockOwnerDeletion = false,
                },
            ],
        };
        return resource;
    }

    private V1RoleBinding CreateBinding() => new()
    {
        RoleRef = new V1RoleRef { ApiGroup = V1Role.KubeGroup, Kind = V1Role.KubeKind, Name = Name },
        Subjects = [new Rbacv1Subject { Kind = V1ServiceAccount.KubeKind, Name = Name, NamespaceProperty = service.Namespace }],
    };

    /// <summary>Whether the Role names the Session when this returns; false where it must be read again.</summary>
    private async Task<bool> TryNameAsync(V1Role role, LiveObject live, string session, CancellationToken cancellationToken)
    {
        var sessions = ReaperRole.SessionsOf(role);
        if (sessions.Contains(session))
        {
            return true;
        }

        var rules = ReaperRole.Rules(service, names, [.. sessions, session]);
        try
        {
            await api.PatchAsync<V1Role>(
                service.Namespace, Name, JsonPatch.For(live).Replace("/rules", JsonNode.Parse(KubernetesJson.Serialize(rules))!), cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            return false;
        }
    }

    private async Task RemoveAsync<T>(CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        // The owner is looked at second: one that is not there then will never be there again.
        while (await api.FindMetadataAsync<T>(service.Namespace, Name, cancellationToken) is { } live
            && live.ToLive() is { IsOurs: true, IsTerminating: false }
            && (await api.FindMetadataAsync<V1ConfigMap>(service.Namespace, Name, cancellationToken) is not { } owner || !IsOwnedBy(live, owner.Metadata.Uid))
            && !await TryDeleteAsync(live, cancellationToken))
        {
            // It changed since it was read.
        }
    }

    private async Task<bool> TryDeleteAsync<T>(T live, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            await api.DeleteAsync(live, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.IsConflict)
        {
            return false;
        }
    }
}
