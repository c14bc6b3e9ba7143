using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>
/// HONEST: an engine that says it closed, or that nothing is left of what it could not open, has left nothing of its own at
/// that very moment.
/// </summary>
internal static class Traces
{
    public static void Forbid(World world, string process)
    {
        var traces = Of(world, process).ToArray();
        if (traces.Length > 0)
        {
            world.Report("HONEST", $"{process} says that nothing of it is left, and there is {string.Join(", ", traces)}");
        }
    }

    private static IEnumerable<string> Of(World world, string process)
    {
        foreach (var session in Sessions(world).Where(session => !session.IsTerminating && IsOurs(session.Uid)))
        {
            yield return $"Session {session.Name}";
        }

        foreach (var item in Residue(world))
        {
            if (Marks.ClaimsOf(world.Cluster.View(item)).Any(IsOurs))
            {
                yield return $"its claim on {item.Name}";
            }
        }

        if (world.Cluster.Table("", "services").Find(World.Namespace, World.ServiceName) is { } service
            && Marks.ParticipantsOf(world.Cluster.View(service))?.Any(IsOurs) == true)
        {
            yield return "its place in the record";
        }

        bool IsOurs(string uid) => world.Steps.HolderOf(uid) == process;
    }

    private static IEnumerable<StoredObject> Sessions(World world) =>
        (world.Cluster.Sessions?.Objects.In(null) ?? []).Concat(world.Cluster.Table("", "configmaps").Objects.In(World.Namespace));

    private static IEnumerable<StoredObject> Residue(World world) =>
        new[]
        {
            world.Cluster.Table("apps", "deployments").Find(World.Namespace, Marks.Interceptor),
            world.Cluster.Table("", "configmaps").Find(World.Namespace, Marks.Interceptor),
            world.Cluster.Table("", "services").Find(World.Namespace, Marks.Decoy),
        }.OfType<StoredObject>();
}
