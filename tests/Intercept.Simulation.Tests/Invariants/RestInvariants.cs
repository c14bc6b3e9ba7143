using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>What must hold once all is over: F1, F2 and F4 of docs/reliability.md.</summary>
internal static class RestInvariants
{
    public static void Check(World world)
    {
        CheckService(world);
        var left = Residue(world).ToArray();
        if (left.Length > 0)
        {
            world.Report("F2", $"left behind: {string.Join(", ", left)}");
        }
    }

    /// <summary>Whether all of it holds.</summary>
    public static bool IsClean(World world) => world.Expected.Difference() is null && !Residue(world).Any();

    /// <summary>The Service alone: it is as it was, and nothing of ours is on it.</summary>
    public static void CheckService(World world)
    {
        if (world.Expected.Difference() is { } difference)
        {
            world.Report("F1", difference);
        }

        if (world.Cluster.Table("", "services").Find(World.Namespace, World.ServiceName)?.ToJson() is { } service
            && service.Object("spec")!.Object("selector").TextMap().Any(Marks.IsOurs)
            && Marks.ParticipantsOf(service) is null)
        {
            world.Report("F4", "a selector of ours without a record");
        }
    }

    /// <summary>Everything that carries a mark of ours, and every Session.</summary>
    public static IEnumerable<string> Residue(World world) =>
        from table in world.Cluster.Store.Tables.OrderBy(table => table.Resource.Key, StringComparer.Ordinal)
        where table.Resource.Plural is not ("customresourcedefinitions" or "endpointslices" or "events")
        from item in table.Objects.In(null)
        where table.Resource.Plural == "sessions" || IsMarked(item)
        select $"{table.Resource.Kind} {item.Name}";

    private static bool IsMarked(StoredObject item) =>
        item.Labels.Any(label => label.Key.StartsWith(Marks.Prefix, StringComparison.Ordinal) || (label.Key == Marks.ManagedBy && label.Value == Marks.Manager))
        || item.ToJson().Metadata().Object("annotations")?.Any(annotation => annotation.Key.StartsWith(Marks.Prefix, StringComparison.Ordinal)) == true;
}
