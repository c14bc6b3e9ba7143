using System.Collections.Concurrent;

namespace Intercept.Embedded.Faults;

/// <summary>The watches that are open, and the way to end them.</summary>
internal sealed class RunningWatches
{
    private readonly ConcurrentDictionary<RunningWatch, byte> _watches = new();

    public RunningWatch Begin(ApiCall call)
    {
        var watch = new RunningWatch(call, this);
        _watches.TryAdd(watch, 0);
        return watch;
    }

    public void Remove(RunningWatch watch) => _watches.TryRemove(watch, out _);

    public int End(ApiCallFilter which, bool expired)
    {
        var ended = 0;
        foreach (var watch in _watches.Keys)
        {
            if (which.Matches(watch.Call) && watch.TryEnd(expired))
            {
                ended++;
            }
        }

        return ended;
    }
}

/// <summary>One open watch.</summary>
internal sealed class RunningWatch(ApiCall call, RunningWatches all) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private bool _disposed;

    public ApiCall Call => call;

    public CancellationToken Ended => _ended.Token;

    /// <summary>It was ended with a 410.</summary>
    public bool IsExpired { get; private set; }

    public bool TryEnd(bool expired)
    {
        lock (_lock)
        {
            if (_disposed || _ended.IsCancellationRequested)
            {
                return false;
            }

            IsExpired = expired;
            _ended.Cancel();
            return true;
        }
    }

    public void Dispose()
    {
        all.Remove(this);
        lock (_lock)
        {
            _disposed = true;
            _ended.Dispose();
        }
    }
}
