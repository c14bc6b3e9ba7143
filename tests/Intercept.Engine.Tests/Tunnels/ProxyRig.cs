using System.Net;
using System.Net.Sockets;
using Intercept.Proxy;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Contract;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>A proxy in process, on ports of its own, in front of one original pod; and callers.</summary>
internal sealed class ProxyRig : IAsyncDisposable
{
    private readonly WebApplication _decoyHost;
    private readonly WebApplication _proxy;
    private readonly List<IDisposable> _clients = [];

    private ProxyRig(WebApplication decoyHost, SampleApp decoy, WebApplication proxy)
    {
        _decoyHost = decoyHost;
        _proxy = proxy;
        Decoy = decoy;
        var ports = Ports(proxy);
        HttpPort = ports[0];
        Http2Port = ports[1];
        TcpPort = ports[2];
        ControlPort = ports[^2];
        HealthPort = ports[^1];
        Client = CreateClient();
    }

    public SampleApp Decoy { get; }

    public int HttpPort { get; }

    public int Http2Port { get; }

    public int TcpPort { get; }

    public int ControlPort { get; }

    public int HealthPort { get; }

    /// <summary>Calls the first data port.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _proxy.Services;

    public static async Task<ProxyRig> StartAsync(int? deadDecoyPort = null, int? tcpDecoyPort = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var decoy = new SampleApp("decoy");
        var decoyHost = await ServeAsync(decoy.InvokeAsync, HttpProtocols.Http1, HttpProtocols.Http2);
        var decoyPorts = Ports(decoyHost);
        var proxy = ProxyHost.Build(
            new ProxyConfiguration
            {
                Contract = ContractVersion.Current,
                Service = "shop/leaf",
                DecoyHost = "127.0.0.1",
                Ports =
                [
                    new() { Name = "http", Port = 80, ListenPort = 0, DecoyPort = deadDecoyPort ?? decoyPorts[0], Protocol = PortProtocol.Http1 },
                    new() { Name = "grpc", Port = 81, ListenPort = 0, DecoyPort = decoyPorts[1], Protocol = PortProtocol.Http2 },
                    new() { Name = "tcp", Port = 82, ListenPort = 0, DecoyPort = tcpDecoyPort ?? decoyPorts[0], Protocol = PortProtocol.Tcp },
                ],
                ControlPort = 0,
                HealthPort = 0,
            },
            ["--POD_NAME=interceptor-leaf-0"],
            builder =>
            {
                builder.Logging.ClearProviders();
                // Signals are for the test runner.
                builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            });
        await proxy.StartAsync(cancellationToken);
        return new ProxyRig(decoyHost, decoy, proxy);
    }

    /// <summary>A Kestrel on ports of its own, one for each protocol.</summary>
    public static async Task<WebApplication> ServeAsync(RequestDelegate handler, params HttpProtocols[] protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Limits.Http2.InitialConnectionWindowSize = int.MaxValue;
            foreach (var protocol in protocols)
            {
                options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocol);
            }
        });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>Its ports in the order in which it was told to listen.</summary>
    public static int[] Ports(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)];

    public HttpClient CreateClient(bool http2 = false)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000, UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{(http2 ? Http2Port : HttpPort)}"),
            DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>A connection to the control port, as a port-forward would open it.</summary>
    public async Task<Stream> DialControlAsync(CancellationToken cancellationToken) => await DialAsync(ControlPort, cancellationToken);

    public static async Task<NetworkStream> DialAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Decoy.Gate.TrySetResult();
        Decoy.Cancelled.TrySetResult();
        _clients.ForEach(client => client.Dispose());
        await StopAsync(_proxy);
        await StopAsync(_decoyHost);
    }

    /// <summary>Stops without patience for what is in flight.</summary>
    public static async Task StopAsync(WebApplication app)
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
