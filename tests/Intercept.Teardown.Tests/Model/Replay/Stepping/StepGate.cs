using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>Holds one flow before each call that belongs to another step than the one that it may make.</summary>
internal sealed class StepGate
{
    private readonly Lock _lock = new();
    private Step[] _allowed = [];
    private Step _heldAt;
    private TaskCompletionSource? _held;
    private TaskCompletionSource<Step> _arrival = NewArrival();
    private bool _ended;

    /// <summary>Completes when the flow is held, with the step that it wants to make.</summary>
    public Task<Step> Arrival
    {
        get
        {
            lock (_lock)
            {
                return _arrival.Task;
            }
        }
    }

    /// <summary>Returns when a call of this step may be made.</summary>
    /// <exception cref="OperationCanceledException">The process that calls has ended.</exception>
    public async Task PassAsync(Step step, CancellationToken cancellationToken)
    {
        TaskCompletionSource held;
        lock (_lock)
        {
            if (_ended)
            {
                throw new OperationCanceledException("The process has ended.");
            }

            if (_allowed.Contains(step))
            {
                return;
            }

            if (_held is not null)
            {
                throw new InvalidOperationException($"A call of {step} while one of {_heldAt} is held: what is held must be one flow.");
            }

            _held = held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _heldAt = step;
            _arrival.SetResult(step);
        }

        try
        {
            await held.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                Forget(held);
            }

            throw;
        }
    }

    /// <summary>Lets the flow make these steps, and no others.</summary>
    public void Allow(params Step[] steps)
    {
        lock (_lock)
        {
            _allowed = steps;
            if (_held is not null && steps.Contains(_heldAt))
            {
                Release();
            }
        }
    }

    /// <summary>Lets the held call pass.</summary>
    public void LetOne()
    {
        lock (_lock)
        {
            Release();
        }
    }

    /// <summary>The process that calls has ended: nothing passes any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _held?.TrySetCanceled();
        }
    }

    private static TaskCompletionSource<Step> NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Release()
    {
        var held = _held ?? throw new InvalidOperationException("Nothing is held.");
        Forget(held);
        held.SetResult();
    }

    private void Forget(TaskCompletionSource held)
    {
        if (_held == held)
        {
            _held = null;
            _arrival = NewArrival();
        }
    }
}
