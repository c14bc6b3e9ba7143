using Intercept.Embedded.ApiServer.Storage;
using k8s;

namespace Intercept.Simulation.Tests.Cluster.Controllers;

/// <summary>Empties a namespace that is being deleted, then lets it go.</summary>
internal sealed class NamespaceController(SimulatedCluster cluster)
{
    private bool _terminating;

    public bool Concerns(StoreEvent change)
    {
        _terminating |= change.Table.Resource.Plural == "namespaces" && change.Object.IsTerminating;
        return _terminating && (change.Type == WatchEventType.Deleted || change.Table.Resource.Plural == "namespaces");
    }

    public void Reconcile()
    {
        var namespaces = cluster.Table("", "namespaces");
        foreach (var space in namespaces.Objects.In(null).Where(space => space.IsTerminating).ToArray())
        {
            var left = 0;
            foreach (var table in cluster.Store.Tables.Where(table => table.Resource.IsNamespaced).OrderBy(table => table.Resource.Key, StringComparer.Ordinal).ToArray())
            {
                foreach (var item in table.Objects.In(space.Name).ToArray())
                {
                    left++;
                    _ = item.IsTerminating && table.Resource.Plural == "pods"
                        ? cluster.Store.TryRemove(table, item, item.ToJson()) is not null
                        : cluster.Deletion.DeleteIfThere(table.Resource, item, "Background");
                }
            }

            if (left == 0)
            {
                cluster.Store.TryRemove(namespaces, space, space.ToJson());
            }
        }
    }
}
