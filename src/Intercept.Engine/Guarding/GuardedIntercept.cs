namespace Intercept.Engine.Guarding;

/// <summary>One intercept under guard, from before its first write until nothing is left of it.</summary>
#pragma warning disable CA1001 // A source without a timer has nothing to dispose, and a signal may come at any time.
internal sealed class GuardedIntercept(ProcessGuard guard, ServiceReference service, StepLog log)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<Interception?> _opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _nonce;

    /// <summary>Cancelled when the process is about to end: an opening gives up and undoes what it did.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>To be awaited before the first write: from here on the watchdog would undo it.</summary>
    public async Task AnnounceAsync(string nonce, CancellationToken cancellationToken)
    {
        _nonce = nonce;
        if (guard.Watchdog is not { } watchdog)
        {
            return;
        }

        try
        {
            await watchdog.AnnounceAsync(new GuardedOpening(service.ToString(), nonce), cancellationToken);
        }
        catch (InterceptException exception)
        {
            AddMissingWatchdog(exception.Message);
        }
    }

    /// <summary>The opening succeeded.</summary>
    public Interception Opened(Interception interception)
    {
        if (guard.Watchdog?.Obituary is { } obituary)
        {
            AddMissingWatchdog(obituary);
        }

        _opening.TrySetResult(interception);
        return interception;
    }

    /// <summary>The opening was rolled back, or the intercept is closed.</summary>
    /// <param name="isClean">Whether nothing is left. If something is, the watchdog tries again when this process ends.</param>
    public async Task ReleaseAsync(bool isClean)
    {
        guard.Remove(this);
        if (isClean && _nonce is { } nonce && guard.Watchdog is { } watchdog)
        {
            await watchdog.ForgetAsync(nonce);
        }

        _opening.TrySetResult(null);
    }

    /// <summary>Closes because the process ends; completes when that is done, or was given up.</summary>
    public async Task CloseAsync(string why)
    {
        log.Add($"{why}: closing the intercept of {service}");
        await _ending.CancelAsync();
        if (await _opening.Task is { } interception)
        {
            await interception.CloseBeforeExitAsync();
        }
    }

    private void AddMissingWatchdog(string why) =>
        log.Add($"no watchdog: {why}. If this process is killed, the proxy or the next test run has to close the intercept");
}
