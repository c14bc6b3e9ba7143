using System.Collections.Concurrent;
using Intercept.Teardown.Tests.Kills;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>A process with several participants that obey orders.</summary>
internal sealed class CrewProcess : IAsyncDisposable
{
    private readonly HolderProcess _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _orders = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Task _listening;

    private CrewProcess(HolderProcess process)
    {
        _process = process;
        _listening = ListenAsync();
    }

    /// <summary>What went wrong in it while it lived.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Starts it, and waits until its members reach the cluster.</summary>
    public static async Task<CrewProcess> StartAsync(KillWorld world, string service, IEnumerable<string> members)
    {
        var process = HolderProcess.Start(world, service, [Crew.Argument, .. members]);
        await process.WaitForAsync(Crew.Ready);
        return new CrewProcess(process);
    }

    /// <summary>Lets a member join with this header value.</summary>
    /// <returns>False where the process has died before it was done, or something went wrong (<see cref="Complaints"/>).</returns>
    public Task<bool> JoinAsync(string member, string value) => OrderAsync(member, $"{Crew.Join} {member} {value}");

    /// <summary>Lets a member leave.</summary>
    /// <returns>As with <see cref="JoinAsync"/>.</returns>
    public Task<bool> LeaveAsync(string member) => OrderAsync(member, $"{Crew.Leave} {member}");

    /// <summary>SIGKILL; waits for the end.</summary>
    public async Task KillAsync()
    {
        _process.Signal(Signals.Kill9);
        await _process.WaitForExitAsync();
        await _listening;
    }

    /// <summary>Tells it to end, and waits for the end of it and of all that it started.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        _process.EndInput();
        await _process.WaitForExitAsync();
        await _listening;
        await WaitForDescendantsAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits for the end of its watchdogs.</summary>
    public Task WaitForDescendantsAsync() => _process.WaitForDescendantsAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _listening;
    }

    private async Task<bool> OrderAsync(string member, string order)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders[member] = done;
        try
        {
            await _process.OrderAsync(order);
        }
        catch (IOException)
        {
            // It has just been killed.
            return false;
        }

        // Where it had ended before, nobody else will answer.
        if (_listening.IsCompleted)
        {
            done.TrySetResult(false);
        }

        return await done.Task;
    }

    private async Task ListenAsync()
    {
        await foreach (var line in _process.ListenAsync())
        {
            var words = line.Split(' ', 3);
            if (words[0] == Crew.Failed)
            {
                _complaints.Enqueue(line);
            }

            if (words.Length > 1 && _orders.TryRemove(words[1], out var order))
            {
                order.TrySetResult(words[0] == Crew.Done);
            }
        }

        foreach (var order in _orders.Values)
        {
            order.TrySetResult(false);
        }
    }
}
