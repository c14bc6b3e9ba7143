using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Simulation.Tests.Cluster;
using k8s;
using k8s.Models;

namespace Intercept.Simulation.Tests;

/// <summary>What stands in the cluster before anything happens. Read once, installed for each schedule.</summary>
internal sealed class Landscape
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private readonly byte[] _definition = ReadDefinition();

    /// <summary>Whether the Service shows that its owner applies it again and again: the hijack then overlays its selector.</summary>
    public bool IsApplied { get; init; }

    /// <summary>Whether somebody has installed the Sessions' definition.</summary>
    public bool HasDefinition { get; init; } = true;

    /// <summary>Whether engines may install it where it is not there; where not, Sessions are ConfigMaps.</summary>
    public bool MayInstall { get; init; } = true;

    /// <summary>Original pods.</summary>
    public int Replicas { get; init; } = 1;

    public void Install(SimulatedCluster cluster)
    {
        cluster.CreateNamespace(World.Namespace);
        if (!MayInstall)
        {
            cluster.Denied.Rules = [new AccessRule("*", "customresourcedefinitions")];
        }

        if (HasDefinition)
        {
            cluster.Registry.Create(
                ApiJson.ParseObject(_definition),
                new RequestScope(cluster.Catalog.Get("apiextensions.k8s.io", "customresourcedefinitions"), null, "kubectl"));
        }

        cluster.Put("apps", "deployments", Parse(
            $$$"""{"metadata":{"name":"leaf","namespace":"shop"},"spec":{"replicas":{{{Replicas}}},"template":{"metadata":{"labels":{"app":"leaf","tier":"back"}},"spec":{"containers":[{"name":"leaf","image":"leaf:1"}]} } } }"""));
        cluster.Registry.Create(Service(), new RequestScope(cluster.Catalog.Get("", "services"), World.Namespace, "kubectl"));
        cluster.Controllers.ReconcileAll();
    }

    /// <summary>The owner's manifest of the Service.</summary>
    public JsonObject Service()
    {
        var service = Parse(
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"leaf","namespace":"shop","labels":{"team":"shop"}},"spec":{"selector":{"app":"leaf","tier":"back"},"ports":[{"name":"http","port":3010,"targetPort":3010,"protocol":"TCP"},{"name":"admin","port":3011,"targetPort":3020,"protocol":"TCP"}]}}""");
        if (IsApplied)
        {
            service.Metadata()["annotations"] = new JsonObject { [LastApplied] = "{}" };
        }

        return service;
    }

    private static JsonObject Parse(string json) => ApiJson.ParseObject(System.Text.Encoding.UTF8.GetBytes(json));

    private static byte[] ReadDefinition()
    {
        using var stream = typeof(Engine.InterceptEngine).Assembly.GetManifestResourceStream("sessions.system.codezero.io.yaml")!;
        using var reader = new StreamReader(stream);
        return System.Text.Encoding.UTF8.GetBytes(KubernetesJson.Serialize(KubernetesYaml.Deserialize<V1CustomResourceDefinition>(reader.ReadToEnd())));
    }
}
