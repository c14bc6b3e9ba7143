using Intercept.Teardown.Tests.Kills;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>One of several who come and go on one Service.</summary>
internal sealed class Participant(KillWorld world, string service, string name) : IAsyncDisposable
{
    private ParticipantProbe? _probe;

    public string Name => name;

    /// <summary>Whether it takes part now.</summary>
    public bool IsIn => _probe is not null;

    /// <summary>How many requests it has answered.</summary>
    public int Answers { get; private set; }

    /// <summary>What went wrong.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Joins; from then on its requests must be answered by it.</summary>
    public async Task JoinAsync(CrewProcess crew)
    {
        var value = $"{Guid.NewGuid():N}";
        if (await crew.JoinAsync(name, value))
        {
            _probe = new ParticipantProbe(world, service, name, value);
        }
    }

    /// <summary>Ends its requests, then leaves.</summary>
    public async Task LeaveAsync(CrewProcess crew)
    {
        await DisposeAsync();
        await crew.LeaveAsync(name);
    }

    /// <summary>Ends its requests, because nobody will answer them any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_probe is { } probe)
        {
            _probe = null;
            await probe.DisposeAsync();
            Answers += probe.Answers;
            Failures.AddRange(probe.Failures);
        }
    }

    /// <summary>Waits until it has answered further requests, if it takes part.</summary>
    public Task WaitForAnswersAsync() => _probe?.WaitForAnswersAsync() ?? Task.CompletedTask;
}
