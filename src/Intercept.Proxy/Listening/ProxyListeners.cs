using System.Net;
using System.Text;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Tcp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Intercept.Proxy.Listening;

/// <summary>Where Kestrel listens: the data ports in the configuration's order, then the control port, then the health port.</summary>
internal sealed class ProxyListeners(ProxyState state, TcpPortHandler tcp) : IConfigureOptions<KestrelServerOptions>
{
    private const int MaxHeadLength = 256 * 1024;
    private const int MaxHeaders = 2000;

    /// <inheritdoc/>
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        // Whatever bytes a caller sends in a header shall arrive as the same bytes.
        options.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        LiftLimits(options.Limits);
        foreach (var port in state.Ports)
        {
            options.ListenAnyIP(port.Configuration.ListenPort, listen => ConfigureDataPort(listen, port));
        }

        options.Listen(IPAddress.Loopback, state.Configuration.ControlPort, listen => Mark(listen, Listener.Control));
        options.ListenAnyIP(state.Configuration.HealthPort, listen => Mark(listen, Listener.Health));
    }

    /// <summary>Limits are the application's affair, and it stands behind: the proxy must not refuse what it would take.</summary>
    private static void LiftLimits(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestHeadersTotalSize = MaxHeadLength;
        limits.MaxRequestLineSize = MaxHeadLength;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.KeepAliveTimeout = TimeSpan.FromHours(24);
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeadLength;
        limits.Http2.MaxStreamsPerConnection = 4096;
        limits.Http2.InitialConnectionWindowSize = int.MaxValue;
    }

    private void ConfigureDataPort(ListenOptions listen, DataPort port)
    {
        listen.Use(port.Track);
        switch (port.Configuration.Protocol)
        {
            case PortProtocol.Http1:
                listen.Protocols = HttpProtocols.Http1;
                break;
            case PortProtocol.Http2:
                listen.Protocols = HttpProtocols.Http2;
                break;
            case PortProtocol.Tcp:
                listen.Run(connection => tcp.HandleAsync(connection, port));
                break;
            default:
                throw new InvalidOperationException($"Port {port.Configuration.Name} has the unknown protocol {port.Configuration.Protocol}.");
        }
    }

    private static void Mark(ListenOptions listen, Listener listener)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return next(connection);
        });
    }
}
