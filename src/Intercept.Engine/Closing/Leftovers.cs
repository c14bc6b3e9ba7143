using Intercept.Engine.Api;
using Intercept.Engine.Records;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>Tells what of an intercept is still in the cluster after a close that failed.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What there is, and why the close failed; best effort, since the API may be what failed.</summary>
    public static async Task<string> DescribeAsync(ServiceScope scope, Exception cause)
    {
        using var timeout = new CancellationTokenSource(Patience, scope.Time);
        var namespaceName = scope.Service.Namespace;
        string found;
        try
        {
            string[] names =
            [
                .. await NamesAsync<V1Deployment>(scope.Api, namespaceName, timeout.Token),
                .. await NamesAsync<V1ConfigMap>(scope.Api, namespaceName, timeout.Token),
                .. await NamesAsync<V1Service>(scope.Api, namespaceName, timeout.Token),
                .. await NamesAsync<Journal.SessionResource>(scope.Api, namespaceName, timeout.Token),
            ];
            var hijacked = (await scope.Api.FindAsync<V1Service>(namespaceName, scope.Service.Name, timeout.Token))?.ReadRecord();
            found = $"{(hijacked is null ? $"Service {scope.Service} is not hijacked" : $"Service {scope.Service} is still hijacked")}; "
                + $"of ours there is: {string.Join(", ", names.DefaultIfEmpty("nothing"))}.";
        }
        catch (Exception exception) when (exception is ApiException or InterceptException or OperationCanceledException)
        {
            found = $"What is left could not be read: {exception.Message}";
        }

        return $"""
            The close failed: {cause.Message}
            {found}
            Look with: kubectl get sessions,deployments,configmaps,services -n {namespaceName} -l {Labels.SelectAll}
            The Service's original stands in its Session under spec.restore-service.
            """;
    }

    private static async Task<IEnumerable<string>> NamesAsync<T>(IClusterApi api, string namespaceName, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        (await api.ListAsync<T>(namespaceName, Labels.SelectAll, cancellationToken))
            .Select(item => $"{ApiPath.Kind<T>()} {item.Metadata.Name}");
}
