using System.Collections.Immutable;

namespace Intercept.Embedded.Faults;

/// <summary>A rule at work. Disposed, it is taken away, and the calls that it holds go on.</summary>
public sealed class InjectedFault : IDisposable
{
    private readonly ApiFaults _faults;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private ImmutableList<ApiCall> _hits = [];
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _released = NewSignal();
    private int _matches;
    private int _holding;
    private bool _disposed;

    internal InjectedFault(ApiFaults faults, ApiFaultRule rule, TimeProvider time)
    {
        _faults = faults;
        Rule = rule;
        _time = time;
    }

    /// <summary>What was asked for.</summary>
    public ApiFaultRule Rule { get; }

    /// <summary>The calls that it has happened to so far, in their order.</summary>
    public IReadOnlyList<ApiCall> Hits => Volatile.Read(ref _hits);

    /// <summary>Waits until the fault has happened a number of times.</summary>
    /// <param name="number">Which hit to wait for: 1 is the first one ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The call that was hit. A call that hangs is held at this time; a call that was to be applied is applied.</returns>
    public async Task<ApiCall> WaitForHitAsync(int number = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_hits.Count >= number)
                {
                    return _hits[number - 1];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the calls go on that are held now; those that come later are held again.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _released.TrySetResult();
            if (!_disposed)
            {
                _released = NewSignal();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _faults.Remove(this);
        Release();
    }

    /// <summary>How many calls are held at this moment.</summary>
    internal int Holding => Volatile.Read(ref _holding);

    /// <summary>Whether the fault happens to this match of the rule; counts it.</summary>
    internal bool Take()
    {
        lock (_lock)
        {
            var number = ++_matches - Rule.Skip;
            return !_disposed && number > 0 && (Rule.Times is null || number <= Rule.Times);
        }
    }

    internal void Note(ApiCall call)
    {
        lock (_lock)
        {
            _hits = _hits.Add(call);
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    /// <summary>Notes the hit and waits for the release.</summary>
    internal async Task HoldAsync(ApiCall call, TimeSpan? time, CancellationToken cancellationToken)
    {
        Task held;
        lock (_lock)
        {
            // Whoever is told of the hit may release at once, or move the clock.
            held = _released.Task.WaitAsync(time ?? Timeout.InfiniteTimeSpan, _time, cancellationToken);
            Interlocked.Increment(ref _holding);
            Note(call);
        }

        try
        {
            await held.ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The time is over: the call goes on.
        }
        finally
        {
            Interlocked.Decrement(ref _holding);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
