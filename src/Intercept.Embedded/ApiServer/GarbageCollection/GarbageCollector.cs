using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;
using k8s;

namespace Intercept.Embedded.ApiServer.GarbageCollection;

/// <summary>
/// Takes dependents away once the last of their owners is gone, and sees foreground and orphan deletions through.
/// One task works through the changes in order.
/// </summary>
internal sealed class GarbageCollector : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly ObjectDeletion _deletion;
    private readonly Channel<StoreEvent> _changes = Channel.CreateUnbounded<StoreEvent>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ResourceTable>> _dependents = new(StringComparer.Ordinal);
    private readonly Task _work;

    public GarbageCollector(ObjectStore store, ObjectDeletion deletion)
    {
        _store = store;
        _deletion = deletion;
        _store.Changed += Note;
        _work = WorkAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _store.Changed -= Note;
        _changes.Writer.TryComplete();
        await _work;
    }

    // Under the store's lock, so that the index is never behind what can be read.
    private void Note(StoreEvent change)
    {
        foreach (var owner in change.Previous?.Owners ?? [])
        {
            if (_dependents.TryGetValue(owner.Uid, out var dependents))
            {
                dependents.TryRemove(change.Object.Uid, out _);
            }
        }

        if (change.Type != WatchEventType.Deleted)
        {
            foreach (var owner in change.Object.Owners)
            {
                _dependents.GetOrAdd(owner.Uid, _ => new(StringComparer.Ordinal))[change.Object.Uid] = change.Table;
            }
        }

        var matters = change.Type == WatchEventType.Deleted || change.Object.IsTerminating || change.Object.Owners.Count > 0;
        if (matters)
        {
            _changes.Writer.TryWrite(change);
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var change in _changes.Reader.ReadAllAsync())
        {
            if (change.Type == WatchEventType.Deleted)
            {
                foreach (var (table, dependent) in DependentsOf(change.Object.Uid))
                {
                    Review(table, dependent);
                }

                _dependents.TryRemove(change.Object.Uid, out _);
                ReviewOwnersOf(change.Object);
            }
            else
            {
                Review(change.Table, change.Object);
                Finalize(change.Table, change.Object);
                // An owner that waits in the foreground may wait for this one no longer.
                ReviewOwnersOf(change.Object);
            }
        }
    }

    private void ReviewOwnersOf(StoredObject dependent)
    {
        foreach (var reference in dependent.Owners)
        {
            if (_store.FindByUid(reference.Uid) is { IsTerminating: true } owner && TableOf(owner) is { } table)
            {
                Finalize(table, owner);
            }
        }
    }

    /// <summary>Deletes a dependent without living owners, or takes dead owners off its list.</summary>
    private void Review(ResourceTable table, StoredObject item)
    {
        if (table.Find(item.Namespace, item.Name) is not { } current || current.Uid != item.Uid || current.Owners.Count == 0)
        {
            return;
        }

        var dead = current.Owners.Where(owner => !IsAlive(owner, current)).ToList();
        var waiting = current.Owners.Where(owner => IsWaitingForDependents(owner, current)).ToList();
        var living = current.Owners.Except(dead).Except(waiting).ToList();
        if (dead.Count == 0 && waiting.Count == 0)
        {
            return;
        }

        if (living.Count > 0)
        {
            Unlink(table, current, [.. dead.Concat(waiting).Select(owner => owner.Uid)]);
        }
        else if (!current.IsTerminating)
        {
            // A dependent with blocking dependents of its own goes in the foreground too when its owner does.
            var inForeground = waiting.Count > 0 && DependentsOf(current.Uid).Count > 0;
            _deletion.DeleteIfThere(table.Resource, current, inForeground ? "Foreground" : null);
        }
    }

    private bool IsAlive(OwnerReference reference, StoredObject dependent) =>
        _store.FindByUid(reference.Uid) is { } owner && (owner.Namespace is null || owner.Namespace == dependent.Namespace);

    private bool IsWaitingForDependents(OwnerReference reference, StoredObject dependent) =>
        _store.FindByUid(reference.Uid) is { IsTerminating: true } owner
        && owner.Finalizers.Contains(ObjectDeletion.ForegroundFinalizer)
        && (owner.Namespace is null || owner.Namespace == dependent.Namespace);

    private void Finalize(ResourceTable table, StoredObject item)
    {
        if (table.Find(item.Namespace, item.Name) is not { IsTerminating: true } owner || owner.Uid != item.Uid)
        {
            return;
        }

        if (owner.Finalizers.Contains(ObjectDeletion.OrphanFinalizer))
        {
            foreach (var (dependentTable, dependent) in DependentsOf(owner.Uid))
            {
                Unlink(dependentTable, dependent, [owner.Uid]);
            }

            RemoveFinalizer(table, owner, ObjectDeletion.OrphanFinalizer);
        }
        else if (owner.Finalizers.Contains(ObjectDeletion.ForegroundFinalizer))
        {
            foreach (var (dependentTable, dependent) in DependentsOf(owner.Uid))
            {
                Review(dependentTable, dependent);
            }

            var isBlocked = DependentsOf(owner.Uid).Exists(pair =>
                pair.Object.Owners.Any(reference => reference.Uid == owner.Uid && reference.BlocksOwnerDeletion));
            if (!isBlocked)
            {
                RemoveFinalizer(table, owner, ObjectDeletion.ForegroundFinalizer);
            }
        }
    }

    private List<(ResourceTable Table, StoredObject Object)> DependentsOf(string uid)
    {
        var found = new List<(ResourceTable, StoredObject)>();
        if (_dependents.TryGetValue(uid, out var dependents))
        {
            foreach (var (dependentUid, table) in dependents)
            {
                if (_store.FindByUid(dependentUid) is { } dependent)
                {
                    found.Add((table, dependent));
                }
            }
        }

        return found;
    }

    private ResourceTable? TableOf(StoredObject item) =>
        _store.Tables.FirstOrDefault(table => table.Find(item.Namespace, item.Name)?.Uid == item.Uid);

    private void Unlink(ResourceTable table, StoredObject item, HashSet<string> owners) => Rewrite(table, item, metadata =>
        metadata["ownerReferences"] = new JsonArray([.. metadata.Objects("ownerReferences")
            .Where(owner => !owners.Contains(owner.Text("uid") ?? ""))
            .Select(owner => owner.DeepClone())]));

    private void RemoveFinalizer(ResourceTable table, StoredObject item, string finalizer) => Rewrite(table, item, metadata =>
        metadata["finalizers"] = new JsonArray([.. (metadata.Array("finalizers") ?? [])
            .Where(name => name.AsText() != finalizer)
            .Select(name => name?.DeepClone())]));

    private void Rewrite(ResourceTable table, StoredObject item, Action<JsonObject> change)
    {
        while (table.Find(item.Namespace, item.Name) is { } current && current.Uid == item.Uid)
        {
            var json = current.ToJson();
            change(json.Metadata());
            var arranged = ObjectMetadata.Arrange(json, table.Resource.ApiVersion, table.Resource.Kind);
            var goes = current.IsTerminating && arranged.Metadata().Array("finalizers") is null && table.Resource.Strategy.MayBeRemoved(arranged);
            if ((goes ? _store.TryRemove(table, current, arranged) : _store.TryPut(table, current, arranged)) is not null)
            {
                return;
            }
        }
    }
}
