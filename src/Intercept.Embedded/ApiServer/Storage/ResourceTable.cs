using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>The objects of one kind and their recent history.</summary>
internal sealed class ResourceTable(ResourceDefinition resource, int historyLength, long revision)
{
    private ObjectSet _objects = ObjectSet.Empty;

    public ResourceDefinition Resource { get; } = resource;

    public EventLog Log { get; } = new(historyLength, revision);

    public ObjectSet Objects => Volatile.Read(ref _objects);

    public StoredObject? Find(string? namespaceName, string name) => Objects.Find(namespaceName, name);

    /// <summary>What the kind looked like at a version, or null where that is forgotten.</summary>
    public ObjectSet? At(long revision)
    {
        var link = Log.After(revision);
        if (link is null)
        {
            return null;
        }

        // The link that a log starts with has no state of its own; nothing had happened then.
        return link.Change?.State ?? ObjectSet.Empty;
    }

    /// <summary>The state before the last so many of the changes that count; where fewer are remembered, before the first of those.</summary>
    public ReadState Back(int changes, Func<StoreEvent, bool> counts)
    {
        var before = new List<ReadState>();
        var link = Log.Oldest;
        for (; link.Next is { } next; link = next)
        {
            if (counts(next.Change!))
            {
                before.Add(StateAt(link));
            }
        }

        return before.Count == 0 ? StateAt(link) : before[Math.Max(0, before.Count - changes)];
    }

    private static ReadState StateAt(EventLink link) => new(link.Change?.State ?? ObjectSet.Empty, link.Revision);

    /// <summary>Only under the store's lock.</summary>
    public void Apply(StoreEvent change)
    {
        Volatile.Write(ref _objects, change.State);
        Log.Append(change);
    }
}
