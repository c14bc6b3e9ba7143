using System.Text.Json.Nodes;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>
/// The objects that participants share: decoy, ConfigMap, and the Deployment that this process runs in. Every change is
/// guarded by the version that was read, because a newcomer may claim them between any two steps.
/// </summary>
internal sealed class Residue(ApiClient api, ReaperConfiguration names)
{
    private readonly string _decoy = $"/api/v1/namespaces/{names.Namespace}/services/{names.Decoy}";
    private readonly string _configMap = $"/api/v1/namespaces/{names.Namespace}/configmaps/{names.Interceptor}";
    private readonly string _deployment = $"/apis/apps/v1/namespaces/{names.Namespace}/deployments/{names.Interceptor}";

    /// <summary>Everybody who claims something.</summary>
    public async Task<IEnumerable<Participant>> ReadClaimantsAsync()
    {
        var claimants = new HashSet<Participant>();
        foreach (var path in (string[])[_decoy, _configMap, _deployment])
        {
            claimants.UnionWith((await FindAsync(path))?.Claims ?? []);
        }

        return claimants;
    }

    /// <summary>Takes a participant's claim off the decoy; the last one takes the decoy along.</summary>
    public Task ReleaseDecoyAsync(Participant participant) => ReleaseAsync(_decoy, participant);

    /// <summary>
    /// Takes a participant's claims off the ConfigMap and this process's own Deployment. The last one takes the Deployment
    /// along, as the last thing of all: it is owned by nobody else then, and so what it owns goes with it.
    /// </summary>
    /// <returns>Whether the Deployment is on its way out, and this process with it.</returns>
    public async Task<bool> ReleaseDeploymentAsync(Participant participant)
    {
        while (await FindAsync(_deployment) is { } deployment)
        {
            var release = ClaimRelease.Decide(deployment, participant);
            if (release.Outcome == ClaimOutcome.Delete)
            {
                await HandOverAsync(deployment, participant);
                if ((await api.DeleteAsync(_deployment, deployment)).IsDone)
                {
                    return true;
                }
            }
            else if (release.Patch is null || (await api.PatchAsync(_deployment, release.Patch)).IsDone)
            {
                await ReleaseAsync(_configMap, participant);
                return false;
            }
        }

        await ReleaseAsync(_configMap, participant);
        return true;
    }

    private async Task ReleaseAsync(string path, Participant participant)
    {
        while (await FindAsync(path) is { } live)
        {
            var release = ClaimRelease.Decide(live, participant);
            var done = release.Outcome switch
            {
                ClaimOutcome.Delete => await api.DeleteAsync(path, live),
                ClaimOutcome.Update => await api.PatchAsync(path, release.Patch!),
                _ => null,
            };
            if (done is null or { IsDone: true })
            {
                return;
            }
        }
    }

    /// <summary>
    /// Lets the ConfigMap go with the Deployment: without a right to delete the Deployment any more (the Role goes with the
    /// ConfigMap) nobody could end the pod.
    /// </summary>
    private async Task HandOverAsync(LiveObject deployment, Participant participant)
    {
        while (await FindAsync(_configMap) is { } live)
        {
            var release = ClaimRelease.Decide(live, participant);
            var patch = release.Outcome == ClaimOutcome.Delete
                ? ClaimRelease.SetClaims(live, []).Add("/metadata/ownerReferences", new JsonArray((JsonNode)OwnerReference(deployment)))
                : release.Patch;
            if (patch is null || (await api.PatchAsync(_configMap, patch)).IsDone)
            {
                return;
            }
        }
    }

    private JsonObject OwnerReference(LiveObject deployment) => new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["name"] = names.Interceptor,
        ["uid"] = deployment.Uid,
        ["blockOwnerDeletion"] = false,
    };

    /// <summary>An object of ours that is there to stay; null otherwise.</summary>
    private async Task<LiveObject?> FindAsync(string path) =>
        (await api.GetMetadataAsync(path)).Body is { } body && LiveReader.ReadObject(body) is { IsOurs: true, IsTerminating: false } live ? live : null;
}
