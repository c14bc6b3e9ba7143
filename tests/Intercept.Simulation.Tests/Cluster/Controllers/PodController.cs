using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Simulation.Tests.Cluster.Controllers;

/// <summary>Deployment controller, scheduler and kubelet in one: the pods of each Deployment, ready as soon as they are seen.</summary>
internal sealed class PodController(SimulatedCluster cluster)
{
    private int _count;

    /// <summary>Whether pods become ready; an image that can't be pulled where not.</summary>
    public bool PodsBecomeReady { get; set; } = true;

    public void Reconcile()
    {
        var (deployments, pods) = (cluster.Table("apps", "deployments"), cluster.Table("", "pods"));
        foreach (var pod in pods.Objects.In(null).ToArray())
        {
            // A marked pod has had its grace by the time that this runs again.
            if (pod.IsTerminating)
            {
                cluster.Store.TryRemove(pods, pod, pod.ToJson());
            }
        }

        foreach (var deployment in deployments.Objects.In(null).Where(item => !item.IsTerminating).ToArray())
        {
            var json = deployment.ToJson();
            var wanted = json.Object("spec")!.Number("replicas") ?? 1;
            var own = pods.Objects.In(deployment.Namespace).Count(pod => pod.Owners.Any(owner => owner.Uid == deployment.Uid));
            for (; own < wanted; own++)
            {
                cluster.Put("", "pods", Pod(deployment, json));
            }
        }
    }

    private JsonObject Pod(StoredObject deployment, JsonObject json)
    {
        var template = json.Object("spec")!.Object("template")!;
        var number = ++_count;
        var ready = PodsBecomeReady ? "True" : "False";
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{number}",
                ["namespace"] = deployment.Namespace,
                ["labels"] = template.Object("metadata")?["labels"]?.DeepClone(),
                ["ownerReferences"] = new JsonArray(OwnerOf("apps/v1", "Deployment", deployment)),
            },
            ["spec"] = template["spec"]?.DeepClone(),
            ["status"] = new JsonObject
            {
                ["phase"] = PodsBecomeReady ? "Running" : "Pending",
                ["podIP"] = $"10.244.{number / 250}.{1 + (number % 250)}",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready }),
            },
        };
    }

    public static JsonObject OwnerOf(string apiVersion, string kind, StoredObject owner) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
    };
}
