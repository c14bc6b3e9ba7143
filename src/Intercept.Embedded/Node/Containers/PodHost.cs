using Intercept.Embedded.Network;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Intercept.Embedded.Node.Containers;

/// <summary>What makes a program's host run in a pod instead of in this process: network, names, log, lifetime, environment.</summary>
internal static class PodHost
{
    public static void Configure(IHostBuilder builder, ContainerRun run)
    {
        builder.ConfigureAppConfiguration((_, configuration) => AddEnvironment(configuration, run.Start));
        builder.ConfigureServices((_, services) => Configure(services, run));
    }

    private static void AddEnvironment(IConfigurationBuilder configuration, ContainerStart start)
    {
        if (!configuration.Sources.OfType<CommandLineConfigurationSource>().Any(source => ReferenceEquals(source.Args, start.Arguments)))
        {
            configuration.AddInMemoryCollection(start.Configuration!);
        }
    }

    private static void Configure(IServiceCollection services, ContainerRun run)
    {
        // Start-up filters wrap each other in the order of registration: the pod's is the outermost.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(new PodContextFilter(run.Pod)));
        services.AddSingleton<IHostLifetime, PodLifetime>();
        services.AddSingleton<IConnectionFactory>(provider =>
            new PodConnectionFactory(run.Pod, run.Names, provider.GetRequiredService<ILoggerFactory>()));

        // Kestrel asks the factories from the last to the first.
        services.AddSingleton<IConnectionListenerFactory>(provider =>
        {
            var listeners = new PodListenerFactory(run.Pod.Network, provider.GetRequiredService<ILoggerFactory>());
            run.Attach(listeners);
            return listeners;
        });

        RemoveProcessWideLoggers(services);
        services.AddSingleton<ILoggerProvider>(new PodLoggerProvider(run.Log));
    }

    private static void RemoveProcessWideLoggers(IServiceCollection services)
    {
        foreach (var provider in services.Where(IsProcessWide).ToArray())
        {
            services.Remove(provider);
        }

        static bool IsProcessWide(ServiceDescriptor service) =>
            service.ServiceType == typeof(ILoggerProvider)
            && !service.IsKeyedService
            && (service.ImplementationType == typeof(ConsoleLoggerProvider) || service.ImplementationType?.Name == "EventLogLoggerProvider");
    }

    /// <summary>A container's host ends when the kubelet says so; the signals of this process are not its own.</summary>
    private sealed class PodLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
