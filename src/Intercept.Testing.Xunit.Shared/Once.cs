namespace Intercept.Testing.Xunit;

/// <summary>
/// Something dear that the first test which needs it makes for all. A failure is told to every later test at once, instead of
/// being waited for again; a cancellation is one test's own affair, and the next one tries again.
/// </summary>
internal sealed class Once<T>(Func<CancellationToken, Task<T>> create)
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private T? _value;
    private Exception? _failure;

    public T? ValueOrNull => Volatile.Read(ref _value);

    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (ValueOrNull is { } there)
        {
            return there;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_failure is not null)
            {
                throw new InterceptException($"This fixture could not start, and no second attempt is made: {_failure.Message}", _failure);
            }

            _value ??= await create(cancellationToken);
            return _value;
        }
        catch (Exception e) when (_failure is null && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            _failure = e;
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }
}
