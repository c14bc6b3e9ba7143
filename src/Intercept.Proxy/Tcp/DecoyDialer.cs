using System.Net;
using System.Net.Sockets;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Listening;
using Microsoft.AspNetCore.Connections;

namespace Intercept.Proxy.Tcp;

/// <summary>Opens connections to TCP ports of the original pods: through the host's connection factory where it has one, else by socket.</summary>
internal sealed class DecoyDialer(ProxyState state, IEnumerable<IConnectionFactory> factories)
{
    private readonly IConnectionFactory _factory = factories.LastOrDefault() ?? new SocketConnectionFactory();

    /// <summary>A new connection to the decoy's port.</summary>
    /// <exception cref="IOException">It can't be reached.</exception>
    public async Task<ConnectionContext> DialAsync(ProxyPort port, CancellationToken cancellationToken)
    {
        try
        {
            return await _factory.ConnectAsync(new DnsEndPoint(state.Configuration.DecoyHost, port.DecoyPort), cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new IOException($"{state.Configuration.DecoyHost}:{port.DecoyPort}: {exception.Message}", exception);
        }
    }
}
