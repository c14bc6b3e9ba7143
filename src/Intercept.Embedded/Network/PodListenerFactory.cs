using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Intercept.Embedded.Network;

/// <summary>
/// Kestrel's transport inside a pod: whatever address the program binds, the real socket is an ephemeral one on 127.0.0.1,
/// and the pod's network knows it by the address that was asked for.
/// </summary>
internal sealed class PodListenerFactory(PodNetwork network, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), loggers);

    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new();
    private readonly ConcurrentDictionary<Listener, bool> _listeners = new();

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not IPEndPoint requested)
        {
            throw new NotSupportedException($"A pod of the embedded cluster listens on IP addresses only, not on {endpoint}.");
        }

        var inner = await _sockets.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), cancellationToken).ConfigureAwait(false);
        try
        {
            var listener = new Listener(this, inner, network.Add(requested, (IPEndPoint)inner.EndPoint));
            _listeners.TryAdd(listener, true);
            return listener;
        }
        catch
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What the death of a process does to its sockets.</summary>
    public async ValueTask AbortAsync()
    {
        foreach (var listener in _listeners.Keys)
        {
            await listener.UnbindAsync().ConfigureAwait(false);
        }

        foreach (var connection in _connections.Keys)
        {
            connection.Abort(new ConnectionAbortedException("The container has been killed."));
        }
    }

    private void Track(ConnectionContext connection)
    {
        _connections.TryAdd(connection, true);
        connection.ConnectionClosed.UnsafeRegister(_ => _connections.TryRemove(connection, out bool _), null);
    }

    private sealed class Listener(PodListenerFactory factory, IConnectionListener inner, IPEndPoint bound) : IConnectionListener
    {
        public EndPoint EndPoint => bound;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (connection is not null)
            {
                factory.Track(connection);
            }

            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            factory.Remove(this, bound);
            return inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            factory.Remove(this, bound);
            return inner.DisposeAsync();
        }
    }

    private void Remove(Listener listener, IPEndPoint bound)
    {
        if (_listeners.TryRemove(listener, out _))
        {
            network.Remove(bound);
        }
    }
}
