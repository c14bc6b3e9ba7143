using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>
/// The oracle of F1: what the Service would be had nobody ever intercepted it. Somebody else's edits are made to it as they
/// are made to the real one.
/// </summary>
internal sealed class ExpectedService
{
    private readonly World _world;

    public ExpectedService(World world)
    {
        _world = world;
        Take();
    }

    /// <summary>Null where it was deleted.</summary>
    public JsonObject? Json { get; private set; }

    private ResourceTable Table => _world.Cluster.Table("", "services");

    /// <summary>Takes what stands there as the original.</summary>
    public void Take() => Json = Table.Find(World.Namespace, World.ServiceName)?.ToJson();

    /// <summary>It is gone for good.</summary>
    public void Forget() => Json = null;

    /// <summary>An edit by somebody else, to both.</summary>
    public void Edit(Action<JsonObject> edit)
    {
        if (Json is null || Table.Find(World.Namespace, World.ServiceName) is null)
        {
            return;
        }

        edit(Json);
        _world.Write(World.Somebody, () => _world.Cluster.Registry.Change(
            World.ServiceName,
            new RequestScope(Table.Resource, World.Namespace, "kubectl-edit"),
            (current, _) =>
            {
                edit(current);
                return current;
            }));
    }

    /// <summary>How the real one differs; null where it does not.</summary>
    /// <param name="withOwners">Whether our name must not be among the owners of its fields any more.</param>
    public string? Difference(bool withOwners = true)
    {
        var live = Table.Find(World.Namespace, World.ServiceName)?.ToJson();
        if (live is null || Json is null)
        {
            return live is null == Json is null ? null : $"the Service is {(live is null ? "gone" : "there")}";
        }

        return Compare("selector", live.Object("spec")!["selector"], Json.Object("spec")!["selector"])
            ?? Compare("ports", live.Object("spec")!["ports"], Json.Object("spec")!["ports"])
            ?? Compare("labels", live.Metadata()["labels"], Json.Metadata()["labels"])
            ?? Compare("annotations", live.Metadata()["annotations"], Json.Metadata()["annotations"])
            ?? (withOwners && live.Metadata().Objects("managedFields").Any(entry => entry.Text("manager") == Marks.Manager) ? "our name is among the owners of its fields" : null);
    }

    private static string? Compare(string what, JsonNode? live, JsonNode? expected) => JsonNode.DeepEquals(live, expected)
        ? null
        : $"{what}: expected {expected?.ToJsonString() ?? "nothing"}, found {live?.ToJsonString() ?? "nothing"}";
}
