using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Intercept.Engine.Tunnels;

/// <summary>A listener for Kestrel whose connections are handed to it.</summary>
internal sealed class PushListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new TunnelEndPoint();

    /// <summary>Hands a connection to Kestrel.</summary>
    public void Push(ConnectionContext connection) => ObjectDisposedException.ThrowIf(!_connections.Writer.TryWrite(connection), this);

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out var connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class TunnelEndPoint : EndPoint
    {
        public override string ToString() => "tunnel";
    }
}
