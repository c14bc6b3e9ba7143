using System.Collections.Concurrent;
using Intercept.Testing.Tests.Fakes;
using Intercept.Tests.Apps.Hop;
using Microsoft.AspNetCore.Hosting;

namespace Intercept.Testing.Xunit.Tests;

/// <summary>The service Hop, in this process, in front of a Service of a cluster that is none.</summary>
public sealed class HopFixture : InterceptFixture<Readiness>
{
    public const string InProcess = "hop-in-this-process";

    private int _connects;

    internal string Service { get; set; } = "shop/leaf";

    internal Func<CancellationToken, Task> BeforeConnect { get; set; } = _ => Task.CompletedTask;

    internal Exception? FailOpening { get; set; }

    internal int Connects => _connects;

    internal ConcurrentQueue<FakeInterceptor> Interceptors { get; } = new();

    protected override void Configure(InterceptFixtureOptions options)
    {
        options.Service = Service;
        options.Intercept = new InterceptOptions { Header = "x-test:hop" };
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("HOSTNAME", InProcess);

    internal override async Task<InterceptCluster> ConnectAsync(InterceptClusterOptions options, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _connects);
        await BeforeConnect(cancellationToken);
        var interceptor = await FakeInterceptor.StartAsync(cancellationToken);
        interceptor.FailOpening = FailOpening;
        Interceptors.Enqueue(interceptor);
        return FakeCluster.Create(interceptor, options);
    }
}
