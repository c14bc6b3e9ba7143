using Intercept.Proxy.Configuration;
using Intercept.Proxy.Control;
using Intercept.Proxy.Forwarding;
using Intercept.Proxy.Health;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Probing;
using Intercept.Proxy.Reaping;
using Intercept.Proxy.Routing;
using Intercept.Proxy.Sessions;
using Intercept.Proxy.Tcp;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Intercept.Proxy;

/// <summary>Puts a proxy together. Nothing in it is static, so a process may run several.</summary>
internal static class ProxyHost
{
    /// <summary>A proxy that is ready to be started.</summary>
    /// <param name="configuration">What it stands in front of; listeners on port 0 choose their own.</param>
    /// <param name="args">Further settings.</param>
    /// <param name="configure">For tests: changes what was put together.</param>
    public static WebApplication Build(ProxyConfiguration configuration, string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // The empty builder reads no files and watches none: that is most of a proxy's start.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ProxyHost).Assembly.GetName().Name,
            ContentRootPath = ProxyProgram.Folder,
        });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        builder.Logging
            .AddSimpleConsole(options => options.SingleLine = true)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Yarp", LogLevel.Warning);
        builder.WebHost.UseKestrelCore();
        AddServices(builder.Services, configuration);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Run(Dispatch(app.Services));
        app.Lifetime.ApplicationStarted.Register(() => LogStart(app));
        return app;
    }

    private static void AddServices(IServiceCollection services, ProxyConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        services.AddSingleton(provider => new ProxyState(
            configuration, provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RouteTable>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<TunnelEndpoint>();
        services.AddSingleton<ControlSession>();
        services.AddSingleton<ControlCommands>();
        services.AddSingleton<Drain>();
        services.AddSingleton<ServedBy>();
        services.AddSingleton<Answers>();
        services.AddSingleton<RequestCleaner>();
        services.AddSingleton<DecoyForwarder>();
        services.AddSingleton<TunnelForwarder>();
        services.AddSingleton<DataPortHandler>();
        services.AddSingleton<ProbeResponder>();
        services.AddSingleton<ServiceProber>();
        services.AddSingleton<DecoyProber>();
        services.AddSingleton<DecoyDialer>();
        services.AddSingleton<TcpPortHandler>();
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<ApiAccess>();
        services.AddSingleton<ReaperStatus>();
        services.AddHostedService<Reaper>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ProxyListeners>();
    }

    private static RequestDelegate Dispatch(IServiceProvider services)
    {
        var data = services.GetRequiredService<DataPortHandler>();
        var tunnels = services.GetRequiredService<TunnelEndpoint>();
        var health = services.GetRequiredService<HealthEndpoint>();
        return context =>
            context.Features.Get<CallerConnection>() is { } caller ? data.InvokeAsync(context, caller)
            : context.Features.Get<Listener>() == Listener.Control ? tunnels.InvokeAsync(context)
            : health.InvokeAsync(context);
    }

    private static void LogStart(WebApplication app)
    {
        var state = app.Services.GetRequiredService<ProxyState>();
        ProxyLog.Started(app.Logger, state.Configuration.Service, state.Configuration.DecoyHost, state.Pod, state.Instance);
    }
}
