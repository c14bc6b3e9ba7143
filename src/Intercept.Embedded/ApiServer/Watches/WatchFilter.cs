using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Selectors;
using Intercept.Embedded.ApiServer.Storage;
using k8s;

namespace Intercept.Embedded.ApiServer.Watches;

/// <summary>What a watch is about, and how a change of an object looks from there.</summary>
internal sealed class WatchFilter(string? namespaceName, LabelSelector labels, FieldSelector fields)
{
    public static WatchFilter Parse(ResourceCall call)
    {
        var fields = QueryOptions.Text(call.Context, "fieldSelector");
        if (call.Path.Name is { } name)
        {
            fields = $"metadata.name={name}{(string.IsNullOrEmpty(fields) ? "" : $",{fields}")}";
        }

        return new(
            call.Namespace,
            LabelSelector.Parse(QueryOptions.Text(call.Context, "labelSelector")),
            FieldSelector.Parse(fields, call.Resource));
    }

    public bool Matches(StoredObject item) =>
        (namespaceName is null || item.Namespace == namespaceName) && labels.Matches(item.Labels) && fields.Matches(item);

    /// <summary>An object that comes into the selection is ADDED, one that leaves it DELETED, whatever happened in truth; null: not seen.</summary>
    public (WatchEventType Type, StoredObject Object)? Translate(StoreEvent change)
    {
        if (namespaceName is not null && change.Object.Namespace != namespaceName)
        {
            return null;
        }

        if (labels.IsEverything && fields.IsEverything)
        {
            return (change.Type, change.Object);
        }

        var before = change.Previous is { } previous && Matches(previous);
        var after = change.Type != WatchEventType.Deleted && Matches(change.Object);
        return (before, after) switch
        {
            (false, false) => null,
            (false, true) => (WatchEventType.Added, change.Object),
            (true, true) => (WatchEventType.Modified, change.Object),
            (true, false) when change.Type == WatchEventType.Deleted => (WatchEventType.Deleted, change.Object),
            (true, false) => (WatchEventType.Deleted, change.Previous!.WithRevision(change.Revision)),
        };
    }
}
