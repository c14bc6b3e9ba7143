namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>
/// The latest changes of a kind as a chain: a watch holds the link it has read last and follows. Links that nobody holds and
/// that are older than the kept history are forgotten.
/// </summary>
internal sealed class EventLog
{
    private readonly int _capacity;
    private EventLink _oldest;
    private EventLink _newest;
    private int _count;

    public EventLog(int capacity, long revision)
    {
        _capacity = capacity;
        _oldest = _newest = new EventLink(null, revision);
    }

    public EventLink Oldest => Volatile.Read(ref _oldest);

    public EventLink Newest => Volatile.Read(ref _newest);

    /// <summary>The version after which every change is still known.</summary>
    public long KnownSince => Oldest.Revision;

    /// <summary>The link after which the changes later than a version stand, or null where some of those are forgotten.</summary>
    public EventLink? After(long revision)
    {
        var link = Volatile.Read(ref _oldest);
        if (revision < link.Revision)
        {
            return null;
        }

        while (link.Next is { } next && next.Revision <= revision)
        {
            link = next;
        }

        return link;
    }

    /// <summary>Only under the store's lock.</summary>
    public void Append(StoreEvent change)
    {
        var link = new EventLink(change, change.Revision);
        var before = _newest;
        Volatile.Write(ref _newest, link);
        if (++_count > _capacity)
        {
            _count--;
            Volatile.Write(ref _oldest, _oldest.Next ?? link);
        }

        before.Complete(link);
    }
}
