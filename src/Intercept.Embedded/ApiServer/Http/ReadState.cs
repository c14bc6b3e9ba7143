using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>What a get or list is answered from.</summary>
internal sealed record ReadState(ObjectSet Objects, long Revision)
{
    /// <summary>The present, unless a test wants this read to be stale.</summary>
    public static ReadState Of(ResourceCall call, ObjectStore store)
    {
        var table = store.Table(call.Resource);
        if (call.Context.Features.Get<StaleRead>() is { } stale)
        {
            return stale(call, table);
        }

        var (objects, revision, _) = store.Snapshot(table);
        return new ReadState(objects, revision);
    }
}

/// <summary>Finds the past that a call is answered from.</summary>
internal delegate ReadState StaleRead(ResourceCall call, ResourceTable table);
