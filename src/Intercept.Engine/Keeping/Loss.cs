namespace Intercept.Engine.Keeping;

/// <summary>Whether, and how, an intercept was lost. The first reason stands.</summary>
internal sealed class Loss : IDisposable
{
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _token = new();
    private int _ended;

    /// <summary>Fails with an <see cref="InterceptException"/> when the intercept is lost; completes when it is closed.</summary>
    public Task Task => _lost.Task;

    /// <summary>Cancelled when the intercept is lost.</summary>
    public CancellationToken Token => _token.Token;

    /// <summary>The intercept is lost.</summary>
    public void Report(InterceptException reason)
    {
        if (Volatile.Read(ref _ended) == 0 && _lost.TrySetException(reason))
        {
            // A failure only for those who wait for it.
            _ = _lost.Task.Exception;
            _token.Cancel();
        }
    }

    /// <summary>From now on everything that goes is meant to go: nothing is a loss any more.</summary>
    public void End() => Interlocked.Exchange(ref _ended, 1);

    /// <summary>The intercept is closed.</summary>
    public void Dispose()
    {
        End();
        _lost.TrySetResult();
        _token.Dispose();
    }
}
