using System.Net;
using System.Reflection;
using k8s;
using k8s.Autorest;
using k8s.Models;
using YamlDotNet.Core;

namespace Intercept.Testing.Clusters;

/// <summary>Server-side apply of ordinary YAML to a cluster from a kubeconfig.</summary>
internal static class ManifestApplier
{
    private const string FieldManager = "intercept-manifests";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public static async Task ApplyAsync(
        IKubernetes kubernetes, InterceptClusterOptions options, Action<string> report, CancellationToken cancellationToken)
    {
        var objects = new List<(string File, IKubernetesObject<V1ObjectMeta> Resource)>();
        foreach (var file in ManifestFiles.Find(options.Manifests))
        {
            objects.AddRange((await ReadAsync(file, cancellationToken)).Select(resource => (file, resource)));
        }

        // What others live in comes first, whatever the files are called.
        foreach (var (file, resource) in objects.OrderBy(item => item.Resource is V1Namespace or V1CustomResourceDefinition ? 0 : 1))
        {
            await ApplyAsync(kubernetes, resource, file, cancellationToken);
            report($"applied {resource.Kind} {resource.Name()}");
        }

        var deployments = objects.Select(item => item.Resource).OfType<V1Deployment>();
        using var deadline = new CancellationTokenSource(options.ManifestsReady, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        foreach (var deployment in deployments)
        {
            await WaitUntilAvailableAsync(kubernetes, deployment, options, either.Token, cancellationToken);
        }
    }

    private static async Task<IEnumerable<IKubernetesObject<V1ObjectMeta>>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(file, cancellationToken)).Cast<IKubernetesObject<V1ObjectMeta>>();
        }
        catch (Exception e) when (e is YamlException or KeyNotFoundException or InvalidCastException)
        {
            throw new InterceptException($"Can't read the manifests of {file}: {e.Message}", e);
        }
    }

    private static async Task ApplyAsync(IKubernetes kubernetes, IKubernetesObject<V1ObjectMeta> resource, string file, CancellationToken cancellationToken)
    {
        var kind = resource.GetType().GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new InterceptException($"{file}: {resource.Kind} can't be applied from here. Use kubectl for it.");
        var patch = new V1Patch(resource, V1Patch.PatchType.ApplyPatch);
        try
        {
            if (IsClusterScoped(resource))
            {
                await kubernetes.CustomObjects.PatchClusterCustomObjectAsync(
                    patch, kind.Group, kind.ApiVersion, kind.PluralName, resource.Name(), fieldManager: FieldManager, force: true, cancellationToken: cancellationToken);
            }
            else
            {
                await kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
                    patch, kind.Group, kind.ApiVersion, resource.Namespace() ?? "default", kind.PluralName, resource.Name(), fieldManager: FieldManager, force: true, cancellationToken: cancellationToken);
            }
        }
        catch (HttpOperationException e)
        {
            throw new InterceptException(
                $"Can't apply {resource.Kind} {resource.Namespace()}/{resource.Name()} of {file}: {(int)e.Response.StatusCode} {e.Response.Content}", e);
        }
    }

    private static bool IsClusterScoped(IKubernetesObject<V1ObjectMeta> resource) =>
        resource is V1Namespace or V1ClusterRole or V1ClusterRoleBinding or V1CustomResourceDefinition;

    private static async Task WaitUntilAvailableAsync(
        IKubernetes kubernetes, V1Deployment deployment, InterceptClusterOptions options, CancellationToken either, CancellationToken cancellationToken)
    {
        V1Deployment? seen = null;
        try
        {
            do
            {
                seen = await kubernetes.AppsV1.ReadNamespacedDeploymentAsync(deployment.Name(), deployment.Namespace() ?? "default", cancellationToken: either);
                if (seen.Status?.AvailableReplicas >= (seen.Spec.Replicas ?? 1) && seen.Status.ObservedGeneration >= seen.Metadata.Generation)
                {
                    return;
                }

                await Task.Delay(PollInterval, options.TimeProvider, either);
            }
            while (true);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var conditions = seen?.Status?.Conditions?.Select(condition => $"{condition.Type}={condition.Status} {condition.Message}") ?? [];
            throw new InterceptException(
                $"Deployment {deployment.Namespace()}/{deployment.Name()} is not available after {options.ManifestsReady.TotalSeconds:0.###} s ({nameof(InterceptClusterOptions)}.{nameof(InterceptClusterOptions.ManifestsReady)}): {string.Join("; ", conditions)}", e);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new InterceptException($"Deployment {deployment.Namespace()}/{deployment.Name()} was applied, but is gone.", e);
        }
    }
}
