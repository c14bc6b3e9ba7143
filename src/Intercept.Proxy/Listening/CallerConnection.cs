using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Intercept.Proxy.Listening;

/// <summary>One open connection of a caller to a data port. A feature of the connection, and so of its requests.</summary>
internal sealed class CallerConnection(ConnectionContext connection, DataPort port, TimeProvider time)
{
    private int _requests;
    private long _lastUse = time.GetTimestamp();

    /// <summary>The port that was called.</summary>
    public DataPort Port => port;

    /// <summary>A request began.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _requests);
        port.Requests.Enter();
    }

    /// <summary>A request ended.</summary>
    public void Exit()
    {
        Volatile.Write(ref _lastUse, time.GetTimestamp());
        Interlocked.Decrement(ref _requests);
        port.Requests.Exit();
    }

    /// <summary>Whether there was no request for this long.</summary>
    public bool IsIdleFor(TimeSpan duration) =>
        Volatile.Read(ref _requests) == 0 && time.GetElapsedTime(Volatile.Read(ref _lastUse)) >= duration;

    /// <summary>Ends the connection after its requests: HTTP/2 says GOAWAY, HTTP/1.1 closes.</summary>
    public void RequestClose() => connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
}
