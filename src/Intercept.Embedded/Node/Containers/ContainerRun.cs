using System.Reflection;
using Intercept.Embedded.Network;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Intercept.Embedded.Node.Containers;

/// <summary>
/// One run of a program's real entry point, on a thread of its own. The hosts that it builds are recognised by the ambient
/// <see cref="Current"/> and get the pod's network, log and lifetime (<see cref="PodHost"/>).
/// </summary>
internal sealed class ContainerRun(ContainerStart start, PodContext pod, ClusterNames names, PodLog log)
{
    // What an uncaught exception ends a .NET process with on Linux (128 + SIGABRT).
    private const int UnhandledExceptionCode = 134;

    // Ambient for the same reason as PodContext: a host under construction carries nothing else that tells whose it is.
    private static readonly AsyncLocal<ContainerRun?> Ambient = new();

    private readonly Lock _lock = new();
    private readonly List<IHost> _hosts = [];
    private readonly List<PodListenerFactory> _listeners = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ContainerExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    public static ContainerRun? Current => Ambient.Value;

    public ContainerStart Start { get; } = start;

    public PodContext Pod { get; } = pod;

    public ClusterNames Names { get; } = names;

    public PodLog Log { get; } = log;

    /// <summary>Completes when the program's host has started: its listeners are there.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the entry point has ended; never fails.</summary>
    public Task<ContainerExit> Exited => _exited.Task;

    public void Begin(string name) => new Thread(Run) { IsBackground = true, Name = name }.UnsafeStart();

    public void Attach(PodListenerFactory listeners)
    {
        lock (_lock)
        {
            _listeners.Add(listeners);
        }
    }

    public void Attach(IHost host)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStarted.UnsafeRegister(_ => _started.TrySetResult(), null);
        bool stopping;
        lock (_lock)
        {
            _hosts.Add(host);
            stopping = _stopping;
        }

        if (stopping)
        {
            lifetime.StopApplication();
        }
    }

    /// <summary>SIGTERM, and after <paramref name="grace"/> what SIGKILL does to the sockets.</summary>
    /// <returns>False where the entry point goes on nevertheless: a thread cannot be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan grace, TimeProvider time)
    {
        IHost[] hosts;
        lock (_lock)
        {
            _stopping = true;
            hosts = [.. _hosts];
        }

        foreach (var host in hosts)
        {
            RequestStop(host, grace);
        }

        if (await EndsWithin(grace, time).ConfigureAwait(false))
        {
            return true;
        }

        await AbortAsync().ConfigureAwait(false);
        return await EndsWithin(TimeSpan.FromSeconds(1), time).ConfigureAwait(false);
    }

    private async Task AbortAsync()
    {
        PodListenerFactory[] listeners;
        lock (_lock)
        {
            listeners = [.. _listeners];
        }

        foreach (var factory in listeners)
        {
            await factory.AbortAsync().ConfigureAwait(false);
        }
    }

    private static void RequestStop(IHost host, TimeSpan grace)
    {
        try
        {
            // The host reads this when it stops: after the grace period it has to give up on requests that go on.
            var options = host.Services.GetRequiredService<IOptions<HostOptions>>().Value;
            options.ShutdownTimeout = grace < options.ShutdownTimeout ? grace : options.ShutdownTimeout;
            host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
        catch (ObjectDisposedException)
        {
            // The program has ended this host itself.
        }
    }

    private async Task<bool> EndsWithin(TimeSpan limit, TimeProvider time)
    {
        try
        {
            await Exited.WaitAsync(limit, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Run()
    {
        Pod.Enter();
        Ambient.Value = this;
        ContainerExit exit;
        try
        {
            object?[]? arguments = Start.EntryPoint.GetParameters().Length == 0 ? null : [Start.Arguments];
            var result = Start.EntryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            exit = new ContainerExit(result as int? ?? 0, null);
        }
        catch (Exception e)
        {
            Log.Write($"Unhandled exception. {e}");
            exit = new ContainerExit(UnhandledExceptionCode, e);
        }

        _exited.TrySetResult(exit);
    }
}
