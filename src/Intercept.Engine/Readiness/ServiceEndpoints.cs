using Intercept.Engine.Api;
using k8s.Models;

namespace Intercept.Engine.Readiness;

/// <summary>The addresses that a Service leads to, from its EndpointSlices.</summary>
internal static class ServiceEndpoints
{
    /// <summary>Label of a slice that names its Service.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>The ready addresses of a Service now.</summary>
    public static async Task<IReadOnlySet<string>> ReadAsync(
        IClusterApi api, string namespaceName, string serviceName, CancellationToken cancellationToken) =>
        ReadyAddresses(await api.ListAsync<V1EndpointSlice>(namespaceName, Selector(serviceName), cancellationToken), serviceName);

    /// <summary>Waits until a Service's ready addresses satisfy the condition.</summary>
    public static async Task<IReadOnlySet<string>> WaitAsync(
        IClusterApi api, string namespaceName, string serviceName, Func<IReadOnlySet<string>, bool> condition, CancellationToken cancellationToken) =>
        ReadyAddresses(
            await api.WaitAsync<V1EndpointSlice>(
                namespaceName, Selector(serviceName), slices => condition(ReadyAddresses(slices, serviceName)), cancellationToken),
            serviceName);

    /// <summary>The ready addresses of one Service. An endpoint whose conditions say nothing counts as ready, as the API has it.</summary>
    public static IReadOnlySet<string> ReadyAddresses(IEnumerable<V1EndpointSlice> slices, string serviceName) => slices
        .Where(slice => slice.Metadata.Labels is { } labels && labels.TryGetValue(ServiceNameLabel, out var name) && name == serviceName)
        .SelectMany(slice => slice.Endpoints ?? [])
        .Where(endpoint => endpoint.Conditions?.Ready != false)
        .SelectMany(endpoint => endpoint.Addresses)
        .ToHashSet();

    private static string Selector(string serviceName) => $"{ServiceNameLabel}={serviceName}";
}
