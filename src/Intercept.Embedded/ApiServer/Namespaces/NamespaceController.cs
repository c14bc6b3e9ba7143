using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Namespaces;

/// <summary>Empties namespaces that are being deleted and lets them go when nothing is left in them.</summary>
internal sealed class NamespaceController : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly ResourceTable _namespaces;
    private readonly ObjectDeletion _deletion;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private int _terminating;

    public NamespaceController(ObjectStore store, ResourceTable namespaces, ObjectDeletion deletion, TimeProvider time)
    {
        _store = store;
        _namespaces = namespaces;
        _deletion = deletion;
        _time = time;
        _store.Changed += Note;
        _work = WorkAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Changed -= Note;
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
        _signal.Dispose();
    }

    private void Note(StoreEvent change)
    {
        var isNamespace = ReferenceEquals(change.Table, _namespaces);
        if (isNamespace && change.Object.IsTerminating && change.Previous?.IsTerminating == false)
        {
            _terminating++;
        }

        if (_terminating > 0 && (isNamespace || change.Type == k8s.WatchEventType.Deleted))
        {
            _signal.Release();
        }

        if (isNamespace && change.Type == k8s.WatchEventType.Deleted && _terminating > 0)
        {
            _terminating--;
        }
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _signal.WaitAsync(stopping);
                foreach (var space in _namespaces.Objects.In(null).Where(space => space.IsTerminating))
                {
                    Empty(space);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private void Empty(StoredObject space)
    {
        var left = new List<(ResourceTable Table, StoredObject Object)>();
        foreach (var table in _store.Tables.Where(table => table.Resource.IsNamespaced).OrderBy(table => table.Resource.Key, StringComparer.Ordinal))
        {
            foreach (var item in table.Objects.In(space.Name))
            {
                if (!_deletion.DeleteIfThere(table.Resource, item, item.IsTerminating ? null : "Background"))
                {
                    left.Add((table, item));
                }
            }
        }

        // What a deletion set off (a dependent, a pod in grace) comes back here as a change of its own.
        var remaining = left.Where(pair => pair.Table.Find(pair.Object.Namespace, pair.Object.Name) is not null).ToList();
        Write(space, json =>
        {
            if (remaining.Count == 0)
            {
                json.Object("spec")?.Remove("finalizers");
            }
            else
            {
                NamespaceConditions.Set(json.Ensure("status"), remaining, _time);
            }
        });
    }

    private void Write(StoredObject space, Action<JsonObject> change)
    {
        while (_namespaces.Find(null, space.Name) is { } current && current.Uid == space.Uid)
        {
            var json = current.ToJson();
            change(json);
            var goes = _namespaces.Resource.Strategy.MayBeRemoved(json) && current.Finalizers.Count == 0;
            var isSame = JsonNode.DeepEquals(json, current.ToJson());
            if (isSame || (goes ? _store.TryRemove(_namespaces, current, json) : _store.TryPut(_namespaces, current, json)) is not null)
            {
                return;
            }
        }
    }
}
