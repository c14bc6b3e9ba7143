using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Simulation.Tests.Cluster;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>Somebody else who works on the same objects: an owner who edits and applies, a person who deletes.</summary>
internal sealed class ThirdParty(World world, Landscape landscape)
{
    private static readonly string[] Zones = ["a", "b"];

    /// <summary>Edits that keep everything in its place.</summary>
    public void EditSomething()
    {
        var chance = world.Scheduler.Chance;
        var (value, number) = (Zones[chance.Next(2)], chance.Next(4000, 4010));
        switch (chance.Next(10))
        {
            case 0:
                Edit("labels it", service => service.Metadata().Ensure("labels")["zone"] = value);
                break;
            case 1:
                Edit("annotates it", service => service.Metadata().Ensure("annotations")["note"] = value);
                break;
            case 2:
                Edit("adds to its selector", service => service.Ensure("spec").Ensure("selector")["zone"] = value);
                break;
            case 3:
                Edit("changes its selector", service => service.Ensure("spec").Ensure("selector")["tier"] = value);
                break;
            case 4:
                Edit("adds a port", service => AddPort(service, 3012, number));
                break;
            case 5:
                Edit("leads a port elsewhere", service => SetTarget(service, 3011, number));
                break;
            case 6:
                Edit("removes a port", service => RemovePort(service, 3011));
                break;
            case 7:
                Edit("replaces it with the manifest", Replace);
                break;
            case 8:
                Edit("removes our label", service => service.Metadata().Object("labels")?.Remove(Invariants.Marks.Hijacked));
                break;
            default:
                Edit("applies the manifest", Apply);
                break;
        }
    }

    /// <summary>Deletes something that an intercept stands on or consists of.</summary>
    public void DeleteSomething()
    {
        switch (world.Scheduler.Chance.Next(8))
        {
            case 0:
                world.Steps.ResidueIsDisturbed = true;
                Delete("", "services", World.ServiceName);
                world.Expected.Forget();
                break;
            case 1:
                world.Steps.ResidueIsDisturbed = true;
                Delete("", "services", World.ServiceName);
                Note("creates the Service anew");
                world.Serve(World.Somebody, new ApiRequest(
                    "POST", $"/api/v1/namespaces/{World.Namespace}/services", "", "", "application/json", ApiJson.ToUtf8(landscape.Service())));
                world.Expected.Take();
                break;
            case 2:
                world.Steps.ResidueIsDisturbed = true;
                Delete("apps", "deployments", Invariants.Marks.Interceptor);
                break;
            case 3:
                world.Steps.ResidueIsDisturbed = true;
                Delete("", "services", Invariants.Marks.Decoy);
                break;
            case 4:
                world.Steps.ResidueIsDisturbed = true;
                Delete("", "configmaps", Invariants.Marks.Interceptor);
                break;
            case 5:
                DeleteSession();
                break;
            case 6 when world.Cluster.Sessions is not null:
                DeleteDefinition();
                break;
            default:
                DeletePods();
                break;
        }
    }

    /// <summary>Deletes everything at once.</summary>
    public void DeleteNamespace()
    {
        Note("deletes the namespace");
        world.Steps.ResidueIsDisturbed = true;
        world.Expected.Forget();
        world.Serve(World.Somebody, new ApiRequest("DELETE", $"/api/v1/namespaces/{World.Namespace}", "", "", null, []));
    }

    private void Edit(string what, Action<JsonObject> edit)
    {
        Note(what);
        world.Expected.Edit(edit);
    }

    private void Delete(string group, string plural, string name)
    {
        Note($"deletes {plural}/{name}");
        var root = group.Length == 0 ? "/api/v1" : $"/apis/{group}/v1";
        world.Serve(World.Somebody, new ApiRequest("DELETE", $"{root}/namespaces/{World.Namespace}/{plural}/{name}", "", "", null, []));
    }

    private void DeleteSession()
    {
        if (world.Cluster.Sessions?.Objects.In(World.Namespace).MinBy(world.Cluster.CreatedAt) is { } session)
        {
            Delete("system.codezero.io", "sessions", session.Name);
        }
    }

    private void DeleteDefinition()
    {
        Note("deletes the Sessions' definition");
        world.Serve(World.Somebody, new ApiRequest(
            "DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/sessions.system.codezero.io", "", "", null, []));
    }

    private void DeletePods()
    {
        Note("deletes the proxy's pods");
        var pods = world.Cluster.Table("", "pods");
        foreach (var pod in pods.Objects.In(World.Namespace).Where(pod => pod.Labels.ContainsKey(Invariants.Marks.SessionLabel)).ToArray())
        {
            world.Cluster.Store.TryRemove(pods, pod, pod.ToJson());
        }
    }

    /// <summary>What <c>kubectl apply</c> does to the parts that the manifest names: maps are merged, ports go by their number.</summary>
    private void Apply(JsonObject service)
    {
        var manifest = landscape.Service().Ensure("spec");
        foreach (var (key, value) in manifest.Ensure("selector").TextMap())
        {
            service.Ensure("spec").Ensure("selector")[key] = value;
        }

        foreach (var port in manifest.Objects("ports"))
        {
            SetTarget(service, (int)port.Number("port")!, (int)port.Number("targetPort")!);
        }
    }

    /// <summary>What <c>kubectl replace</c> does: nothing stays but what the manifest says, and what the API server owns.</summary>
    private void Replace(JsonObject service)
    {
        var manifest = landscape.Service();
        foreach (var part in new[] { "labels", "annotations" })
        {
            service.Metadata().Remove(part);
            if (manifest.Metadata()[part] is { } value)
            {
                service.Metadata()[part] = value.DeepClone();
            }
        }

        service.Ensure("spec")["selector"] = manifest.Ensure("spec")["selector"]!.DeepClone();
        service.Ensure("spec")["ports"] = manifest.Ensure("spec")["ports"]!.DeepClone();
    }

    private static JsonObject? Port(JsonObject service, int number) =>
        service.Ensure("spec").Objects("ports").FirstOrDefault(port => port.Number("port") == number);

    private static void SetTarget(JsonObject service, int number, int target)
    {
        if (Port(service, number) is { } port)
        {
            port["targetPort"] = target;
        }
    }

    private static void AddPort(JsonObject service, int number, int target)
    {
        if (Port(service, number) is null)
        {
            service.Ensure("spec").Array("ports")!.Add((JsonNode)new JsonObject
            {
                ["name"] = $"port-{number}",
                ["protocol"] = "TCP",
                ["port"] = number,
                ["targetPort"] = target,
            });
        }
    }

    private static void RemovePort(JsonObject service, int number)
    {
        if (Port(service, number) is { } port)
        {
            service.Ensure("spec").Array("ports")!.Remove(port);
        }
    }

    private void Note(string text) => world.Trace.Note(World.Somebody, text);
}
