using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Intercept.Embedded.ApiServer.Storage;
using k8s.Models;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>
/// The tokens that pods find in their files: one for each pod, bound to it and to its ServiceAccount. A token is good as long as
/// both exist under their uids, also while the pod is terminating.
/// </summary>
internal sealed class PodTokens(ObjectStore store, ResourceTable accounts)
{
    private readonly ConcurrentDictionary<string, Grant> _byPod = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Grant> _byHash = new(StringComparer.Ordinal);

    /// <summary>The pod's token; null where its ServiceAccount is not there.</summary>
    public string? Issue(V1Pod pod)
    {
        var namespaceName = pod.Metadata.NamespaceProperty;
        var name = pod.Spec.ServiceAccountName ?? "default";
        if (accounts.Find(namespaceName, name) is not { } account)
        {
            return null;
        }

        foreach (var (uid, grant) in _byPod)
        {
            if (!IsGood(grant) && _byPod.TryRemove(uid, out var gone))
            {
                _byHash.TryRemove(Hash(gone.Token), out _);
            }
        }

        var issued = _byPod.GetOrAdd(
            pod.Metadata.Uid,
            uid => new Grant(RandomNumberGenerator.GetHexString(64, lowercase: true), uid, account.Uid, Caller.ServiceAccount(namespaceName, name)));
        _byHash[Hash(issued.Token)] = issued;
        return issued.Token;
    }

    /// <summary>Who shows this token; null where it is none, or none any more.</summary>
    public Caller? Find(string token) =>
        _byHash.TryGetValue(Hash(token), out var grant) && IsGood(grant) ? grant.Caller : null;

    private bool IsGood(Grant grant) => store.FindByUid(grant.PodUid) is not null && store.FindByUid(grant.AccountUid) is not null;

    // How long a look-up by hash takes tells nothing about the token.
    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Grant(string Token, string PodUid, string AccountUid, Caller Caller);
}
