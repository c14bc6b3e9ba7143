using Intercept.Embedded.ApiServer;

namespace Intercept.Simulation.Tests.Cluster.Controllers;

/// <summary>kube-proxy: where a new connection to a Service arrives, a moment behind the EndpointSlices.</summary>
internal sealed class DataPath(SimulatedCluster cluster)
{
    private Dictionary<(string Namespace, string Service), HashSet<string>> _addresses = [];

    /// <summary>The addresses that a new connection may come to.</summary>
    public IReadOnlySet<string> AddressesOf(string namespaceName, string service) =>
        _addresses.TryGetValue((namespaceName, service), out var found) ? found : new HashSet<string>();

    public void Sync() => _addresses = Read();

    /// <summary>What the slices of a Service say now.</summary>
    public IReadOnlySet<string> SlicesOf(string namespaceName, string service) =>
        Read().TryGetValue((namespaceName, service), out var found) ? found : new HashSet<string>();

    private Dictionary<(string Namespace, string Service), HashSet<string>> Read()
    {
        var result = new Dictionary<(string, string), HashSet<string>>();
        foreach (var slice in cluster.Table("discovery.k8s.io", "endpointslices").Objects.In(null))
        {
            var key = (slice.Namespace!, slice.Labels[SliceController.ServiceNameLabel]);
            if (!result.TryGetValue(key, out var addresses))
            {
                result[key] = addresses = [];
            }

            addresses.UnionWith(cluster.View(slice).Objects("endpoints")
                .Where(endpoint => endpoint.Object("conditions")?.Flag("ready") != false)
                .SelectMany(endpoint => endpoint.Array("addresses") ?? [])
                .Select(address => address.AsText()!));
        }

        return result;
    }
}
