namespace Intercept.Engine.Guarding;

/// <summary>Keeps one watchdog for one cluster, and tells it what is open; starts another where it has ended.</summary>
internal sealed class WatchdogLink(ClusterAccess access, string? assembly) : IAsyncDisposable
{
    // Not disposed: it has nothing to dispose unless somebody asks for its wait handle, and an intercept may be closed late.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, GuardedOpening> _open = new(StringComparer.Ordinal);
    private Task _preparing = Task.CompletedTask;
    private WatchdogProcess? _process;
    private bool _isDisposed;

    /// <summary>The watchdog's process id, once it is up.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>What became of a watchdog that runs no more; null where it runs, or none was needed yet.</summary>
    public string? Obituary => _process is { HasEnded: true } ended ? ended.Obituary() : null;

    /// <summary>Starts the watchdog where there is none, without making the caller wait.</summary>
    public void Prepare()
    {
        if (_preparing.IsCompleted)
        {
            _preparing = Task.Run(PrepareAsync);
        }
    }

    /// <summary>When this returns, the watchdog closes the participant if this process ends.</summary>
    /// <exception cref="InterceptException">There is no watchdog; the message tells why.</exception>
    public async Task AnnounceAsync(GuardedOpening opening, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await EnsureRunningAsync();
            _open[opening.Nonce] = opening;
            if (!await TrySendAsync(new WatchdogLine { Opening = opening }))
            {
                // The new one is told of everything that is open, this participant among it.
                await EnsureRunningAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Nothing is left of the participant.</summary>
    public async Task ForgetAsync(string nonce)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_open.Remove(nonce))
            {
                // If it has ended, the next opening starts another, which hears only of what is open then.
                await TrySendAsync(new WatchdogLine { Closed = nonce });
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets the watchdog go: it ends when nothing is open, or when it has closed what is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _preparing;
        await _gate.WaitAsync();
        try
        {
            _isDisposed = true;
            await DiscardAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task PrepareAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await EnsureRunningAsync();
        }
        catch (InterceptException)
        {
            // The announcement that follows tries again, and has somebody to tell.
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task EnsureRunningAsync()
    {
        if (_process is { HasEnded: false })
        {
            return;
        }

        await DiscardAsync();
        if (_isDisposed)
        {
            throw new InterceptException("the engine was let go of before");
        }

        var process = _process = WatchdogProcess.Start(WatchdogProgram.Find(assembly));
        WatchdogLine[] lines = [new() { Cluster = access }, .. _open.Values.Select(opening => new WatchdogLine { Opening = opening })];
        foreach (var line in lines)
        {
            if (!await TrySendAsync(line))
            {
                throw new InterceptException(process.Obituary());
            }
        }
    }

    /// <summary>Whether there was a watchdog that took the line.</summary>
    private async Task<bool> TrySendAsync(WatchdogLine line)
    {
        if (_process is null)
        {
            return false;
        }

        try
        {
            await _process.SendAsync(line);
            return true;
        }
        catch (IOException)
        {
            await DiscardAsync();
            return false;
        }
    }

    private async Task DiscardAsync()
    {
        if (_process is { } ended)
        {
            _process = null;
            await ended.DisposeAsync();
        }
    }
}
