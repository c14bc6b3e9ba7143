using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Intercept.Embedded.Background;

/// <summary>The loops of one part of the cluster: they end together, and a failure of one is logged and never lost.</summary>
internal sealed class BackgroundTasks(ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, string> _running = new();

    public CancellationToken Stopping => _stopping.Token;

    public Task Run(string name, Func<CancellationToken, Task> loop)
    {
        Task task;

        // A test's ambient values (its Activity, its TestContext) are no part of the cluster that it started.
        using (ExecutionContext.SuppressFlow())
        {
            task = Task.Run(() => ObserveAsync(name, loop));
        }

        if (_running.TryAdd(task, name))
        {
            _ = task.ContinueWith(static (done, set) => ((ConcurrentDictionary<Task, string>)set!).TryRemove(done, out _), _running, TaskScheduler.Default);
        }

        return task;
    }

    /// <summary>Asks all loops to end and waits until they have.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Keys).ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private async Task ObserveAsync(string name, Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            BackgroundLog.LoopFailed(logger, name, e);
        }
    }
}
