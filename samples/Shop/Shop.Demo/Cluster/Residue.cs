using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Shop.Demo.Cluster;

/// <summary>Asks the API, kind by kind, for what an intercept puts into a namespace.</summary>
internal sealed class Residue(IKubernetes kubernetes, string namespaceName)
{
    private const string Ours = "app.kubernetes.io/managed-by=intercept";

    /// <summary>Each kind with the names of ours that are there.</summary>
    public async Task<IReadOnlyList<(string Kind, IReadOnlyList<string> Names)>> ListAsync(CancellationToken cancellationToken)
    {
        var (core, apps, rbac) = (kubernetes.CoreV1, kubernetes.AppsV1, kubernetes.RbacAuthorizationV1);
        return
        [
            await NamesAsync("configmaps", async () => (await core.ListNamespacedConfigMapAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("deployments", async () => (await apps.ListNamespacedDeploymentAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("replicasets", async () => (await apps.ListNamespacedReplicaSetAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("pods", async () => (await core.ListNamespacedPodAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("services", async () => (await core.ListNamespacedServiceAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("serviceaccounts", async () => (await core.ListNamespacedServiceAccountAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("roles", async () => (await rbac.ListNamespacedRoleAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            await NamesAsync("rolebindings", async () => (await rbac.ListNamespacedRoleBindingAsync(namespaceName, labelSelector: Ours, cancellationToken: cancellationToken)).Items),
            ("sessions", await Sessions.NamesAsync(kubernetes, namespaceName, cancellationToken)),
        ];
    }

    /// <summary>The same once nothing is left, or after the time given: pods end a little later than their Deployment.</summary>
    public async Task<IReadOnlyList<(string Kind, IReadOnlyList<string> Names)>> WaitForNoneAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var found = await ListAsync(cancellationToken);
            if (deadline.IsCancellationRequested || found.All(kind => kind.Names.Count == 0))
            {
                return found;
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<(string Kind, IReadOnlyList<string> Names)> NamesAsync<T>(string kind, Func<Task<IList<T>>> list)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return (kind, [.. (await list()).Select(item => item.Metadata.Name)]);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // A cluster that does not serve this kind has none of it.
            return (kind, []);
        }
    }
}
