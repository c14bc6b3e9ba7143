using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Simulation.Tests.Cluster.Controllers;

/// <summary>One EndpointSlice for each Service: the addresses of the pods that its selector finds.</summary>
internal sealed class SliceController(SimulatedCluster cluster)
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    public void Reconcile()
    {
        var slices = cluster.Table("discovery.k8s.io", "endpointslices");
        foreach (var service in cluster.Table("", "services").Objects.In(null).Where(item => !item.IsTerminating).ToArray())
        {
            var endpoints = EndpointsOf(service);
            var name = $"{service.Name}-{service.Uid[..5]}";
            var found = slices.Find(service.Namespace, name);
            if (found is null)
            {
                cluster.Put("discovery.k8s.io", "endpointslices", Slice(service, name, endpoints));
            }
            else if (!JsonNode.DeepEquals(cluster.View(found)["endpoints"], endpoints))
            {
                var json = found.ToJson();
                json["endpoints"] = endpoints;
                cluster.Store.TryPut(slices, found, json);
            }
        }
    }

    private JsonArray EndpointsOf(StoredObject service)
    {
        var selector = cluster.View(service).Object("spec")?.Object("selector").TextMap() ?? [];
        var pods = cluster.Table("", "pods").Objects.In(service.Namespace)
            .Where(pod => selector.Count > 0 && selector.All(pair => pod.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value));
        return new JsonArray([.. pods.Select(Endpoint)]);
    }

    private JsonObject Endpoint(StoredObject pod)
    {
        var status = cluster.View(pod).Object("status")!;
        var ready = status.Objects("conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");
        return new JsonObject
        {
            ["addresses"] = new JsonArray(status.Text("podIP")),
            ["conditions"] = new JsonObject { ["ready"] = ready && !pod.IsTerminating, ["serving"] = ready, ["terminating"] = pod.IsTerminating },
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid },
        };
    }

    private static JsonObject Slice(StoredObject service, string name, JsonArray endpoints) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = service.Namespace,
            ["labels"] = new JsonObject { [ServiceNameLabel] = service.Name },
            ["ownerReferences"] = new JsonArray(PodController.OwnerOf("v1", "Service", service)),
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = endpoints,
        ["ports"] = new JsonArray(),
    };
}
