using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intercept.Testing.Tests.Fakes;

/// <summary>The sample application on a test server, or on Kestrel.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SampleServer(WebApplication app, SampleSignals signals) => (_app, Signals) = (app, signals);

    public SampleSignals Signals { get; }

    public TestServer TestServer => _app.GetTestServer();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    public static Task<SampleServer> StartTestServerAsync() => StartAsync(host => host.UseTestServer());

    public static Task<SampleServer> StartKestrelAsync() => StartAsync(host => host.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<SampleServer> StartAsync(Action<ConfigureWebHostBuilder> configure)
    {
        var signals = new SampleSignals();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configure(builder.WebHost);
        var app = builder.Build();
        app.UseWebSockets();
        SampleApp.Map(app, signals);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SampleServer(app, signals);
    }
}
