using Intercept.Engine.Api;
using k8s.Models;

namespace Intercept.Engine.Readiness;

/// <summary>The pods of one Service's proxy.</summary>
internal sealed class ProxyPods(IClusterApi api, ServiceReference service, InterceptNames names)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _selector = $"{Labels.Session}={names.SessionHash}";

    /// <summary>Waits for a pod that is ready.</summary>
    public async Task<V1Pod> WaitForReadyAsync(CancellationToken cancellationToken)
    {
        var pods = await api.WaitAsync<V1Pod>(service.Namespace, _selector, pods => pods.Any(IsReady), cancellationToken);
        return pods.First(IsReady);
    }

    /// <summary>The addresses of all pods of the proxy, ready or not.</summary>
    public async Task<IReadOnlySet<string>> AddressesAsync(CancellationToken cancellationToken)
    {
        var pods = await api.ListAsync<V1Pod>(service.Namespace, _selector, cancellationToken);
        return pods.Select(pod => pod.Status?.PodIP).OfType<string>().ToHashSet();
    }

    /// <summary>Waits until the last pod of the proxy is gone, or another participant has created the proxy anew.</summary>
    public async Task WaitUntilGoneAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        do
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await api.WaitAsync<V1Pod>(service.Namespace, _selector, pods => pods.Count == 0, linked.Token);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Still there: the last pods of the old proxy, or the first ones of the next.
            }
        }
        while (await api.FindMetadataAsync<V1Deployment>(service.Namespace, names.Interceptor, cancellationToken) is null);
    }

    /// <summary>What keeps the proxy from being ready, in the words of the cluster.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var pods = await api.ListAsync<V1Pod>(service.Namespace, _selector, cancellationToken);
        if (pods.Count > 0)
        {
            return $"Its pods: {string.Join("; ", pods.Select(Describe))}.";
        }

        var deployment = await api.FindAsync<V1Deployment>(service.Namespace, names.Interceptor, cancellationToken);
        var conditions = deployment?.Status?.Conditions?.Select(condition => $"{condition.Type}={condition.Status} {condition.Message}") ?? [];
        return deployment is null
            ? $"Its Deployment {names.Interceptor} is gone."
            : $"Its Deployment {names.Interceptor} has no pods: {string.Join("; ", conditions.DefaultIfEmpty("no condition says why"))}.";
    }

    private static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static string Describe(V1Pod pod)
    {
        var waiting = pod.Status?.ContainerStatuses?
            .Select(container => container.State?.Waiting is { } state
                ? $"{state.Reason} {state.Message}"
                : container.LastState?.Terminated is { } ended ? $"ended with {ended.ExitCode} {ended.Message}" : null)
            .FirstOrDefault(text => text is not null);
        var condition = pod.Status?.Conditions?.FirstOrDefault(found => found.Status == "False");
        return $"{pod.Metadata.Name} is {pod.Status?.Phase}, {waiting?.Trim() ?? $"{condition?.Reason} {condition?.Message}".Trim()}";
    }
}
