using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Background;

/// <summary>
/// Level-triggered work: a key stands for "look at this again". Added many times it is done once; what fails, with a conflict
/// for instance, is done again a little later.
/// </summary>
internal sealed class WorkQueue<TKey>(string name, Func<TKey, CancellationToken, ValueTask> reconcile, TimeProvider time, ILogger logger) : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly HashSet<TKey> _queued = [];
    private readonly Dictionary<TKey, ITimer> _later = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private bool _disposed;

    public void Add(TKey key)
    {
        lock (_lock)
        {
            if (_queued.Add(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _later.Remove(key, out var earlier);
            earlier?.Dispose();
            _later[key] = time.CreateTimer(_ => Add(key), null, delay, Timeout.InfiniteTimeSpan);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var key in _ready.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            lock (_lock)
            {
                _queued.Remove(key);
            }

            try
            {
                await reconcile(key, cancellationToken).ConfigureAwait(false);
                _failures.Remove(key);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;
                var delay = TimeSpan.FromTicks(Math.Min(LastRetry.Ticks, FirstRetry.Ticks << Math.Min(failures - 1, 16)));
                BackgroundLog.Retrying(logger, name, key.ToString()!, delay, e);
                AddAfter(key, delay);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var timer in _later.Values)
            {
                timer.Dispose();
            }

            _later.Clear();
        }
    }
}
