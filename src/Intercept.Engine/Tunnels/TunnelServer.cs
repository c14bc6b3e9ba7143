using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Intercept.Engine.Tunnels;

/// <summary>A Kestrel without a host, for HTTP/2 on the streams that are pushed to it.</summary>
internal sealed class TunnelServer : IAsyncDisposable
{
    private const int MaxHeadLength = 256 * 1024;

    private readonly PushListener _listener = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly KestrelServer _server;

    private TunnelServer(TunnelOptions options)
    {
        _server = new KestrelServer(Options.Create(CreateOptions(options)), _listener, options.LoggerFactory);
    }

    /// <summary>Starts one whose requests the handler answers.</summary>
    public static async Task<TunnelServer> StartAsync(TunnelOptions options, RequestDelegate handler, CancellationToken cancellationToken)
    {
        var server = new TunnelServer(options);
        await server._server.StartAsync(new Application(handler), cancellationToken);
        return server;
    }

    /// <summary>Serves HTTP/2 on a connection.</summary>
    public void Serve(StreamConnection connection) => _listener.Push(connection);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Nothing to wait for: what was to be finished has been drained before.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        await _services.DisposeAsync();
    }

    private KestrelServerOptions CreateOptions(TunnelOptions options)
    {
        var kestrel = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        var limits = kestrel.Limits;
        // An idle tunnel must stand for as long as a test run may last; pings do not count as use.
        limits.KeepAliveTimeout = TimeSpan.FromDays(10);
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestBodySize = null;
        limits.MaxRequestHeadersTotalSize = MaxHeadLength;
        limits.MaxRequestHeaderCount = 2000;
        limits.MaxRequestLineSize = MaxHeadLength;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeadLength;
        limits.Http2.MaxStreamsPerConnection = 16 * 1024;
        // Uploads that no handler reads must not use up the window that all share: that would stop every other for ever.
        limits.Http2.InitialConnectionWindowSize = int.MaxValue;
        if (!Debugger.IsAttached)
        {
            limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
            limits.Http2.KeepAlivePingTimeout = options.PingTimeout;
        }

        kestrel.Listen(_listener.EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
        return kestrel;
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
