using System.Collections.Concurrent;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Connections;

namespace Intercept.Proxy.Listening;

/// <summary>One port that callers reach: its connections and counters.</summary>
internal sealed class DataPort(ProxyPort configuration, TimeProvider time)
{
    private readonly ConcurrentDictionary<CallerConnection, bool> _connections = new();
    private long _lastCaller = time.GetTimestamp();
    private long _passed;
    private long _intercepted;

    /// <summary>What the port is.</summary>
    public ProxyPort Configuration => configuration;

    /// <summary>Connections that are open.</summary>
    public InFlight Connections { get; } = new();

    /// <summary>Requests that are not answered yet.</summary>
    public InFlight Requests { get; } = new();

    /// <summary>When the last connection was opened, on the clock's own scale; when the port was made where none was.</summary>
    public long LastCaller => Volatile.Read(ref _lastCaller);

    /// <summary>A connection middleware that keeps the books about callers.</summary>
    public ConnectionDelegate Track(ConnectionDelegate next) => async connection =>
    {
        var caller = new CallerConnection(connection, this, time);
        connection.Features.Set(caller);
        Volatile.Write(ref _lastCaller, time.GetTimestamp());
        Connections.Enter();
        _connections.TryAdd(caller, true);
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(caller, out _);
            Connections.Exit();
        }
    };

    /// <summary>A request or connection went to the original pods.</summary>
    public void CountPassed() => Interlocked.Increment(ref _passed);

    /// <summary>A request went to a test process.</summary>
    public void CountIntercepted() => Interlocked.Increment(ref _intercepted);

    /// <summary>Ends connections that no request has used for this long.</summary>
    public void CloseIdle(TimeSpan idleFor)
    {
        foreach (var (connection, _) in _connections)
        {
            if (connection.IsIdleFor(idleFor))
            {
                connection.RequestClose();
            }
        }
    }

    /// <summary>The counters now.</summary>
    public PortReport Report() => new(
        configuration.Name, Connections.Count, Requests.Count, Interlocked.Read(ref _passed), Interlocked.Read(ref _intercepted));
}
