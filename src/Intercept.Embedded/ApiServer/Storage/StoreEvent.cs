using k8s;

namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>
/// One change of one object. <paramref name="State"/> is what the whole kind looked like right after it, so that a list
/// can be answered as of any version in the history.
/// </summary>
internal sealed record StoreEvent(
    ResourceTable Table,
    long Revision,
    WatchEventType Type,
    StoredObject Object,
    StoredObject? Previous,
    ObjectSet State);
