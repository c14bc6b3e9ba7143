using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay.Stepping;

/// <summary>A flow of the product's own code that is let through one step of the model at a time.</summary>
/// <param name="gate">Where it is held.</param>
/// <param name="who">For messages.</param>
internal sealed class StepFlow(StepGate gate, string who)
{
    // Far beyond what a step takes, and only waited for where a flow hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Task _task = Task.CompletedTask;

    /// <summary>The flow.</summary>
    public Task Task => _task;

    /// <summary>Begins it, and lets it come to its first step.</summary>
    public async Task<Step?> BeginAsync(Func<Task> begin, params Step[] allowed)
    {
        gate.Allow(allowed);
        _task = begin();
        return await RestAsync(gate.Arrival);
    }

    /// <summary>The flow is another one's by now: what it ends with is told by that.</summary>
    public void Become(Task task) => _task = task;

    /// <summary>Lets it make these steps.</summary>
    /// <returns>The step that it wants to make next; null where it has come to its end.</returns>
    public async Task<Step?> GoAsync(params Step[] allowed)
    {
        gate.Allow(allowed);
        return await RestAsync(gate.Arrival);
    }

    /// <summary>The same, where the flow must want to make a certain step next.</summary>
    public async Task GoToAsync(Step allowed, Step? next) => Expect(await GoAsync(allowed), next);

    /// <summary>The flow must want to make a certain step next.</summary>
    /// <exception cref="InvalidOperationException">It wants something else.</exception>
    public void Expect(Step? found, Step? expected)
    {
        if (found != expected)
        {
            throw new InvalidOperationException(
                $"{who} {Show(found)}, not {Show(expected)}. {(_task.IsFaulted ? _task.Exception!.InnerException!.ToString() : "")}");
        }
    }

    /// <summary>Waits for its end, whatever that is: its process has ended.</summary>
    public async Task EndAsync()
    {
        gate.End();
        await _task.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string Show(Step? step) => step is null ? "has come to its end" : $"wants to make {step}";

    private async Task<Step?> RestAsync(Task<Step> arrival)
    {
        await Task.WhenAny(arrival, _task).WaitAsync(Patience);

        // A lost intercept's process looks after the others once more when its close is through: that is no step of the flow.
        if (!_task.IsCompleted)
        {
            return await arrival;
        }

        if (_task.IsFaulted && _task.Exception.InnerException is not InterceptException)
        {
            await _task;
        }

        return null;
    }
}
