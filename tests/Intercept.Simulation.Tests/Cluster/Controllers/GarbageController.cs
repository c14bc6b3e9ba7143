using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;
using k8s;

namespace Intercept.Simulation.Tests.Cluster.Controllers;

/// <summary>Deletes what has owners of which none is left.</summary>
internal sealed class GarbageController(SimulatedCluster cluster)
{
    public static bool Concerns(StoreEvent change) =>
        change.Type == WatchEventType.Deleted || (change.Type == WatchEventType.Added && change.Object.Owners.Count > 0);

    public void Reconcile()
    {
        foreach (var table in cluster.Store.Tables.OrderBy(table => table.Resource.Key, StringComparer.Ordinal).ToArray())
        {
            foreach (var item in table.Objects.In(null).Where(IsOrphan).ToArray())
            {
                Collect(table, item);
            }
        }
    }

    private bool IsOrphan(StoredObject item) =>
        item.Owners.Count > 0 && !item.IsTerminating && item.Owners.All(owner => cluster.Store.FindByUid(owner.Uid) is null);

    private void Collect(ResourceTable table, StoredObject item)
    {
        if (table.Resource.Plural == "pods")
        {
            // A pod has a moment of grace, in which it is no longer ready.
            var json = item.ToJson();
            json.Metadata()["deletionTimestamp"] = ApiJson.Timestamp(cluster.Time.GetUtcNow());
            cluster.Store.TryPut(table, item, json);
            return;
        }

        cluster.Deletion.DeleteIfThere(table.Resource, item, "Background");
    }
}
