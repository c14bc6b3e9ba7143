using Intercept.Proxy.Contract;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Routing;

/// <summary>A rule that is on, and whose it is. A re-attach makes new ones, so that each counts for one tunnel connection.</summary>
internal sealed class LiveRoute(string id, RouteRule rule, Session session)
{
    private const int Closed = int.MinValue;
    private int _sent;

    /// <summary>The test process's name for it.</summary>
    public string Id => id;

    /// <summary>What it takes.</summary>
    public RouteRule Rule => rule;

    /// <summary>Whose it is.</summary>
    public Session Session => session;

    /// <summary>Whether it takes requests on this port.</summary>
    public bool IsFor(string portName) => session.Hello.Port is null || session.Hello.Port == portName;

    /// <summary>Counts one request that will be sent; false where the route was removed in the meantime.</summary>
    public bool TryEnter()
    {
        for (; ; )
        {
            var sent = Volatile.Read(ref _sent);
            if (sent < 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _sent, sent + 1, sent) == sent)
            {
                return true;
            }
        }
    }

    /// <summary>A counted request was not sent after all.</summary>
    public void TakeBack() => Interlocked.Decrement(ref _sent);

    /// <summary>No request enters any more.</summary>
    /// <returns>How many requests were sent.</returns>
    public int Close() => Interlocked.Or(ref _sent, Closed) & ~Closed;
}
