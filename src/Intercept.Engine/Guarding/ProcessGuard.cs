namespace Intercept.Engine.Guarding;

/// <summary>
/// Guards the open intercepts of one engine against the end of this process: closes them itself where it is told in time
/// (layer L1), and keeps a watchdog for where it isn't (layer L2).
/// </summary>
internal sealed class ProcessGuard : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<GuardedIntercept> _open = [];
    private ProcessEnd? _end;
    private string? _ending;

    /// <param name="layers">Which layers are at work.</param>
    /// <param name="access">How a watchdog reaches the cluster; null where the cluster ends with this process, so that nothing needs a guard.</param>
    /// <param name="watchdogAssembly">The watchdog's program; the one beside the engine where null.</param>
    public ProcessGuard(InterceptLayers layers, ClusterAccess? access, string? watchdogAssembly = null)
    {
        Layers = access is null ? layers with { Signals = false, Watchdog = false } : layers;
        Watchdog = Layers.Watchdog ? new WatchdogLink(access!, watchdogAssembly) : null;
    }

    /// <summary>What is at work.</summary>
    public InterceptLayers Layers { get; }

    /// <summary>The watchdog, where there shall be one.</summary>
    public WatchdogLink? Watchdog { get; }

    /// <summary>An opening begins.</summary>
    /// <exception cref="InterceptException">The process is about to end, and nobody would close what is opened now.</exception>
    public GuardedIntercept Begin(ServiceReference service, StepLog log)
    {
        Watchdog?.Prepare();
        var intercept = new GuardedIntercept(this, service, log);
        lock (_lock)
        {
            if (_ending is not null)
            {
                throw new InterceptException($"{service} is not intercepted any more: this process is about to end ({_ending}).");
            }

            _open.Add(intercept);
            _end ??= Layers.Signals ? new ProcessEnd(CloseAllAsync) : null;
        }

        return intercept;
    }

    /// <summary>An intercept is closed.</summary>
    public void Remove(GuardedIntercept intercept)
    {
        lock (_lock)
        {
            if (_open.Remove(intercept) && _open.Count == 0)
            {
                _end?.Dispose();
                _end = null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _end?.Dispose();
            _end = null;
        }

        if (Watchdog is not null)
        {
            await Watchdog.DisposeAsync();
        }
    }

    private Task CloseAllAsync(string why)
    {
        GuardedIntercept[] open;
        lock (_lock)
        {
            _ending = why;
            open = [.. _open];
        }

        return Task.WhenAll(open.Select(intercept => intercept.CloseAsync(why)));
    }
}
