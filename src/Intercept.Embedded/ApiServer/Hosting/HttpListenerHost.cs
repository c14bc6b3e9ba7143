using System.Net;
using System.Net.Sockets;
using Intercept.Embedded.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Intercept.Embedded.ApiServer.Hosting;

/// <summary>Kestrel and WebSockets without a host around them: it starts in a few milliseconds.</summary>
internal sealed class HttpListenerHost : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().BuildServiceProvider();

    // Keeps the port while nobody listens on it.
    private readonly Socket _reserved = LoopbackSocket.Bind(0);
    private readonly RequestDelegate _handler;
    private KestrelServer? _server;

    private HttpListenerHost(RequestDelegate handler)
    {
        _handler = handler;
        Address = new Uri($"http://{_reserved.LocalEndPoint}");
    }

    public Uri Address { get; }

    public static async Task<HttpListenerHost> StartAsync(RequestDelegate handler, CancellationToken cancellationToken)
    {
        var host = new HttpListenerHost(handler);
        try
        {
            await host.ListenAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts every connection, refuses new ones as long as <paramref name="meanwhile"/> lasts, and listens again on the same port.</summary>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        await StopAsync(TimeSpan.Zero);
        await meanwhile();
        await ListenAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        // What is still open after the handlers have been told to end belongs to clients that keep idle connections.
        await StopAsync(TimeSpan.FromSeconds(1));
        _reserved.Dispose();
        await _services.DisposeAsync();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        // A watch whose client pauses (a debugger) is no attack on this server.
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, Address.Port, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = _ => LoopbackSocket.Bind(Address.Port) };
        var server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        // Keep-alive pings would be frames that a recorded port-forward does not have.
        var middleware = new WebSocketMiddleware(
            _handler,
            Options.Create(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }),
            NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(middleware.Invoke), cancellationToken);
            _server = server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private async Task StopAsync(TimeSpan grace)
    {
        if (_server is not { } server)
        {
            return;
        }

        _server = null;
        using var now = new CancellationTokenSource(grace);
        await server.StopAsync(now.Token);
        server.Dispose();
    }

    private sealed class Application(RequestDelegate handler) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handler(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
