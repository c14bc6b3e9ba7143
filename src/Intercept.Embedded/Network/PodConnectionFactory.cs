using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Network;

/// <summary>Dials as from inside a pod, for programs that speak something else than HTTP: names and addresses are the cluster's.</summary>
internal sealed class PodConnectionFactory(PodContext pod, ClusterNames names, ILoggerFactory loggers) : IConnectionFactory, IDisposable
{
    private readonly SocketConnectionContextFactory _connections =
        new(new SocketConnectionFactoryOptions(), loggers.CreateLogger<PodConnectionFactory>());

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var (host, port) = endpoint switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => throw new NotSupportedException($"A pod of the embedded cluster dials names and IP addresses, not {endpoint}."),
        };
        var destination = names.Resolve(pod, host, port);
        if (destination.Host is null)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        if (destination.Real is { } real)
        {
            return _connections.Create(await LoopbackSocket.ConnectAsync(real, cancellationToken).ConfigureAwait(false));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(destination.Host, destination.Port, cancellationToken).ConfigureAwait(false);
            return _connections.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _connections.Dispose();
}
