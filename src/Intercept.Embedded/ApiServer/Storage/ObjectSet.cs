using System.Collections.Immutable;

namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>All objects of a kind at one moment, ordered by namespace and name. Never changed: every write makes a new one.</summary>
internal sealed class ObjectSet
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> NoObjects =
        ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private readonly ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> _namespaces;

    private ObjectSet(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> namespaces)
    {
        _namespaces = namespaces;
    }

    public static ObjectSet Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, StoredObject>>(StringComparer.Ordinal));

    public StoredObject? Find(string? namespaceName, string name) =>
        _namespaces.TryGetValue(namespaceName ?? "", out var objects) && objects.TryGetValue(name, out var found) ? found : null;

    /// <summary>The objects of one namespace, or of all where none is named.</summary>
    public IEnumerable<StoredObject> In(string? namespaceName)
    {
        if (namespaceName is null)
        {
            return _namespaces.Values.SelectMany(objects => objects.Values);
        }

        return _namespaces.TryGetValue(namespaceName, out var found) ? found.Values : [];
    }

    public ObjectSet With(StoredObject item)
    {
        var space = item.Namespace ?? "";
        var objects = _namespaces.GetValueOrDefault(space, NoObjects).SetItem(item.Name, item);
        return new(_namespaces.SetItem(space, objects));
    }

    public ObjectSet Without(StoredObject item)
    {
        var space = item.Namespace ?? "";
        var objects = _namespaces.GetValueOrDefault(space, NoObjects).Remove(item.Name);
        return new(objects.IsEmpty ? _namespaces.Remove(space) : _namespaces.SetItem(space, objects));
    }
}
