namespace Intercept.Proxy.Listening;

/// <summary>Counts what is under way, and tells when nothing is.</summary>
internal sealed class InFlight
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _zero;

    /// <summary>How many are under way.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>One more.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    /// <summary>One less.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            lock (_gate)
            {
                _zero?.TrySetResult();
                _zero = null;
            }
        }
    }

    /// <summary>Whether nothing was under way at some moment before the time-out.</summary>
    public async Task<bool> WaitForZeroAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        Task zero;
        lock (_gate)
        {
            if (Count == 0)
            {
                return true;
            }

            _zero ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            zero = _zero.Task;
        }

        // The last Exit may have come before the promise was there to be kept.
        if (Count == 0)
        {
            return true;
        }

        try
        {
            await zero.WaitAsync(timeout, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
