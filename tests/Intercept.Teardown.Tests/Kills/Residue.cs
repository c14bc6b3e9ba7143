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

    /// <summary>Waits until nothing is left.</summary>
    public static async Task WaitUntilNoneAsync(IClusterApi api, string service, CancellationToken cancellationToken)
    {
        // What is gone may come back as long as something else is there; with the last one, nobody is left to make it.
        while ((await FindAsync(api, service, cancellationToken)).Count > 0)
        {
            await WaitUntilNoneAsync<SessionResource>(api, service, cancellationToken);
            await WaitUntilNoneAsync<V1Deployment>(api, service, cancellationToken);
            await WaitUntilNoneAsync<V1ConfigMap>(api, service, cancellationToken);
            await WaitUntilNoneAsync<V1Service>(api, service, cancellationToken);
            await WaitUntilNoneAsync<V1Pod>(api, service, cancellationToken);
        }
    }

    /// <summary>Whether there is a proxy, or somebody to start one.</summary>
    public static async Task<bool> HasProxyAsync(IClusterApi api, string service, CancellationToken cancellationToken) =>
        (await NamesAsync<V1Deployment>(api, service, cancellationToken)).Any();

    private static async Task WaitUntilNoneAsync<T>(IClusterApi api, string service, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await api.WaitAsync<T>(KillWorld.Namespace, Selector(service), items => items.Count == 0, cancellationToken);

    private static string Selector(string service) => $"{Labels.SelectAll},{Labels.Service}={service}";

    private static async Task<IEnumerable<string>> NamesAsync<T>(IClusterApi api, string service, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (await api.ListAsync<T>(KillWorld.Namespace, Selector(service), cancellationToken))
            .Select(item => $"{ApiPath.Kind<T>()} {item.Metadata.Name}");
}
