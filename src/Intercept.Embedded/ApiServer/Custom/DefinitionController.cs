using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>Lets a CustomResourceDefinition that is being deleted go when its objects have gone.</summary>
internal sealed class DefinitionController : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly ResourceTable _definitions;
    private readonly CustomResources _custom;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private bool _isClearing;

    public DefinitionController(ObjectStore store, ResourceTable definitions, CustomResources custom)
    {
        _store = store;
        _definitions = definitions;
        _custom = custom;
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
        _custom.Follow(change);
        _isClearing |= ReferenceEquals(change.Table, _definitions) && change.Object.IsTerminating;
        if (_isClearing && (ReferenceEquals(change.Table, _definitions) || change.Table.Resource.IsCustom))
        {
            _signal.Release();
        }
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await _signal.WaitAsync(stopping);
                foreach (var definition in _definitions.Objects.In(null).Where(item => item.IsTerminating && _custom.Clear(item)))
                {
                    Release(definition);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private void Release(StoredObject definition)
    {
        while (_definitions.Find(null, definition.Name) is { } current && current.Uid == definition.Uid)
        {
            if (!current.Finalizers.Contains(DefinitionStrategy.CleanupFinalizer))
            {
                return;
            }

            var json = current.ToJson();
            var left = current.Finalizers.Where(name => name != DefinitionStrategy.CleanupFinalizer).ToList();
            if (left.Count > 0)
            {
                json.Metadata()["finalizers"] = new JsonArray([.. left.Select(name => JsonValue.Create(name))]);
            }
            else
            {
                json.Metadata().Remove("finalizers");
            }

            if (left.Count == 0)
            {
                // First: whoever finds the definition gone must not find its kind.
                _custom.StopServing(json);
            }

            if ((left.Count == 0 ? _store.TryRemove(_definitions, current, json) : _store.TryPut(_definitions, current, json)) is not null)
            {
                return;
            }
        }
    }
}
