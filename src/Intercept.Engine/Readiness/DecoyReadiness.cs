using k8s.Models;

namespace Intercept.Engine.Readiness;

/// <summary>Waits until the decoy leads to the pods that the Service leads to.</summary>
internal static class DecoyReadiness
{
    /// <returns>How many ready pods the decoy leads to.</returns>
    public static async Task<int> WaitAsync(ServiceScope scope, CancellationToken cancellationToken)
    {
        var proxies = await scope.Pods.AddressesAsync(cancellationToken);
        var slices = await scope.Api.WaitAsync<V1EndpointSlice>(
            scope.Service.Namespace,
            $"{ServiceEndpoints.ServiceNameLabel} in ({scope.Service.Name},{scope.Names.Decoy})",
            slices =>
            {
                // A hijacked Service leads to the proxy; who hijacked it has seen the decoy follow the original.
                var original = ServiceEndpoints.ReadyAddresses(slices, scope.Service.Name);
                var decoy = ServiceEndpoints.ReadyAddresses(slices, scope.Names.Decoy);
                return decoy.SetEquals(original) || (original.Count > 0 && original.IsSubsetOf(proxies));
            },
            cancellationToken);
        return ServiceEndpoints.ReadyAddresses(slices, scope.Names.Decoy).Count;
    }

    /// <summary>What the decoy and the Service lead to now.</summary>
    public static async Task<string> DescribeAsync(ServiceScope scope, CancellationToken cancellationToken)
    {
        var original = await ServiceEndpoints.ReadAsync(scope.Api, scope.Service.Namespace, scope.Service.Name, cancellationToken);
        var decoy = await ServiceEndpoints.ReadAsync(scope.Api, scope.Service.Namespace, scope.Names.Decoy, cancellationToken);
        return $"The Service's ready addresses: {Show(original)}; the decoy's: {Show(decoy)}.";
    }

    private static string Show(IReadOnlySet<string> addresses) =>
        addresses.Count == 0 ? "none" : string.Join(", ", addresses.Order(StringComparer.Ordinal));
}
