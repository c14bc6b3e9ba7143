namespace Intercept.Testing.Xunit;

/// <summary>
/// Something dear that the first test which needs it makes for all. A failure is told to every later test at once, instead of
/// being waited for again; a cancellation is one test's own affair, and the next one tries again.
/// </summary>
internal sealed class Once<T>(Func<CancellationToken, Task<T>> create)
    where T : class
{
    private readonly Lock _gate = new();
    private Task<T>? _making;
    private T? _value;

    /// <summary>The thing, once it is there.</summary>
    public T? ValueOrNull => Volatile.Read(ref _value);

    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<T> making;
            lock (_gate)
            {
                if (_making is null or { IsCanceled: true })
                {
                    _making = Task.Run(() => MakeAsync(cancellationToken), CancellationToken.None);
                }

                making = _making;
            }

            try
            {
                return await making.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The test that was making it was cancelled: it is this one's turn.
            }
        }
    }

    /// <summary>Waits for a making that still goes on; what there is then, if anything, is the caller's to end.</summary>
    public async Task<T?> EndAsync()
    {
        Task? making;
        lock (_gate)
        {
            making = _making;
        }

        if (making is not null)
        {
            // A failure was told to the test that asked for it.
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ValueOrNull;
    }

    private async Task<T> MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var value = await create(cancellationToken);
            Volatile.Write(ref _value, value);
            return value;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InterceptException($"The fixture's start was cancelled by itself: {e.Message}", e);
        }
    }
}
