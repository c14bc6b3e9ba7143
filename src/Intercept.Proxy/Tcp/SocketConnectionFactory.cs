using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Intercept.Proxy.Tcp;

/// <summary>Outgoing TCP connections whose two directions end one by one.</summary>
internal sealed class SocketConnectionFactory : IConnectionFactory
{
    /// <inheritdoc/>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new SocketConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
