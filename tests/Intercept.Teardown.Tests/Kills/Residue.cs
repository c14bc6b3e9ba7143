using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using k8s;
using k8s.Models;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>What intercepts of one Service have left in the cluster.</summary>
internal static class Residue
{
    /// <summary>Everything with our label, and the pods of a proxy; empty where nothing is left.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(IClusterApi api, string service, CancellationToken cancellationToken) =>
    [
        .. await NamesAsync<SessionResource>(api, service, cancellationToken),
        .. await NamesAsync<V1Deployment>(api, service, cancellationToken),
        .. await NamesAsync<V1ConfigMap>(api, service, cancellationToken),
        .. await NamesAsync<V1Service>(api, service, cancellationToken),
        .. await NamesAsync<V1Pod>(api, service, cancellationToken),
    ];

    private static async Task<IEnumerable<string>> NamesAsync<T>(IClusterApi api, string service, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (await api.ListAsync<T>(KillWorld.Namespace, $"{Labels.SelectAll},{Labels.Service}={service}", cancellationToken))
            .Select(item => $"{ApiPath.Kind<T>()} {item.Metadata.Name}");
}
