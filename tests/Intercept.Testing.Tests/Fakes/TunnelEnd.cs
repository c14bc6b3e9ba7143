using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>A Kestrel that stands for this process's end of the tunnel: real HTTP, as HTTP/1.1 and as HTTP/2, into one delegate.</summary>
internal sealed class TunnelEnd : IAsyncDisposable
{
    private readonly WebApplication _server;

    private TunnelEnd(WebApplication server, Uri http1, Uri http2) => (_server, Http1, Http2) = (server, http1, http2);

    public Uri Http1 { get; }

    public Uri Http2 { get; }

    public static async Task<TunnelEnd> StartAsync(RequestDelegate handler, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var server = builder.Build();
        server.Run(handler);
        await server.StartAsync(cancellationToken);
        var addresses = server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        return new TunnelEnd(server, new Uri(addresses[0]), new Uri(addresses[1]));
    }

    public Uri Address(Wire wire) => wire == Wire.Http1 ? Http1 : Http2;

    public HttpClient CreateClient(Wire wire) => new(new SocketsHttpHandler { ActivityHeadersPropagator = null })
    {
        BaseAddress = Address(wire),
        Timeout = TimeSpan.FromSeconds(10),
        DefaultRequestVersion = wire.Version(),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
