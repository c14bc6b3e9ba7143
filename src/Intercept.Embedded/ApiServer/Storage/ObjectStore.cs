using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Resources;
using k8s;

namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>
/// What etcd is to a real API server: all objects, one counter of versions for all kinds, compare-and-swap writes in one order.
/// </summary>
internal sealed class ObjectStore(int historyLength)
{
    // Versions of the first moments of a real cluster are long compacted; a watch from "1" must be refused here too.
    private const long FirstRevision = 200;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ResourceTable> _tables = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StoredObject> _byUid = new(StringComparer.Ordinal);
    private long _revision = FirstRevision;

    /// <summary>Called after each change, in order, still under the lock: subscribers only take note.</summary>
    public event Action<StoreEvent>? Changed;

    /// <summary>Every change up to here can be seen.</summary>
    public long Revision => Volatile.Read(ref _revision);

    public IEnumerable<ResourceTable> Tables => _tables.Values;

    public ResourceTable Table(ResourceDefinition resource) =>
        _tables.GetOrAdd(resource.Key, _ => new ResourceTable(resource, historyLength, Revision));

    public void Forget(ResourceDefinition resource) => _tables.TryRemove(resource.Key, out _);

    public StoredObject? FindByUid(string uid) => _byUid.GetValueOrDefault(uid);

    /// <summary>The kind as it is now, the version that this is, and the link after which what follows will stand.</summary>
    public (ObjectSet Objects, long Revision, EventLink Link) Snapshot(ResourceTable table)
    {
        lock (_gate)
        {
            return (table.Objects, _revision, table.Log.Newest);
        }
    }

    /// <summary>All kinds as they are now, and the version that this is.</summary>
    public (IReadOnlyDictionary<ResourceTable, ObjectSet> Objects, long Revision) Capture()
    {
        lock (_gate)
        {
            return (_tables.Values.ToDictionary(table => table, table => table.Objects), _revision);
        }
    }

    /// <summary>Stores an object, if what is stored under its name is still <paramref name="expected"/> (null: nothing); else gives null.</summary>
    public StoredObject? TryPut(ResourceTable table, StoredObject? expected, JsonObject json)
    {
        var metadata = json.Metadata();
        lock (_gate)
        {
            if (!ReferenceEquals(table.Find(metadata.Text("namespace"), json.Name()), expected))
            {
                return null;
            }

            var revision = _revision + 1;
            metadata["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
            var stored = StoredObject.From(json);
            _byUid[stored.Uid] = stored;
            Publish(new StoreEvent(
                table,
                revision,
                expected is null ? WatchEventType.Added : WatchEventType.Modified,
                stored,
                expected,
                table.Objects.With(stored)));
            return stored;
        }
    }

    /// <summary>Removes an object if it is still <paramref name="expected"/>; watchers see <paramref name="last"/> with a new version.</summary>
    public StoredObject? TryRemove(ResourceTable table, StoredObject expected, JsonObject last)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(table.Find(expected.Namespace, expected.Name), expected))
            {
                return null;
            }

            var revision = _revision + 1;
            last.Metadata()["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
            var removed = StoredObject.From(last);
            _byUid.TryRemove(expected.Uid, out _);
            Publish(new StoreEvent(table, revision, WatchEventType.Deleted, removed, expected, table.Objects.Without(expected)));
            return removed;
        }
    }

    private void Publish(StoreEvent change)
    {
        change.Table.Apply(change);
        Volatile.Write(ref _revision, change.Revision);
        Changed?.Invoke(change);
    }
}
