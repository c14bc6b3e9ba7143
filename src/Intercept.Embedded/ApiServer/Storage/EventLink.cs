namespace Intercept.Embedded.ApiServer.Storage;

/// <summary>One change and the way to the next, which may not have happened yet.</summary>
internal sealed class EventLink(StoreEvent? change, long revision)
{
    private EventLink? _next;
    private TaskCompletionSource? _waiting;

    /// <summary>Null only in the link that a log begins with.</summary>
    public StoreEvent? Change { get; } = change;

    public long Revision { get; } = revision;

    public EventLink? Next => Volatile.Read(ref _next);

    /// <summary>Ends as soon as there is a <see cref="Next"/>.</summary>
    public Task WaitForNextAsync(CancellationToken cancellationToken)
    {
        if (Next is not null)
        {
            return Task.CompletedTask;
        }

        var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Interlocked.CompareExchange(ref _waiting, created, null) ?? created;
        // The writer sets Next first and looks for waiters second; this side does it the other way round, so nobody is missed.
        return Next is not null ? Task.CompletedTask : waiting.Task.WaitAsync(cancellationToken);
    }

    public void Complete(EventLink next)
    {
        Volatile.Write(ref _next, next);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _waiting)?.TrySetResult();
    }
}
