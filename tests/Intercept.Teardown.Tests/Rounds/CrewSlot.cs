using Intercept.Teardown.Tests.Kills;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>The place of one process with its participants; when it is killed, another one takes it.</summary>
internal sealed class CrewSlot(KillWorld world, string service, IReadOnlyList<Participant> members) : IAsyncDisposable
{
    private readonly List<CrewProcess> _dead = [];
    private Task<CrewProcess> _crew = CrewProcess.StartAsync(world, service, members.Select(member => member.Name));

    public IReadOnlyList<Participant> Members => members;

    /// <summary>Whether its process has started.</summary>
    public bool IsReady => _crew.IsCompleted;

    /// <summary>What went wrong in its processes while they lived.</summary>
    public IEnumerable<string> Complaints => _dead.Concat(_crew.IsCompletedSuccessfully ? [_crew.Result] : []).SelectMany(crew => crew.Complaints);

    /// <summary>Its process, when it has started.</summary>
    public Task<CrewProcess> GetCrewAsync() => _crew;

    /// <summary>Kills the process while its members come and go, and starts the next one.</summary>
    public async Task KillAsync(TimeSpan delay)
    {
        var crew = await _crew;
        var wereIn = members.Select(member => member.IsIn).ToArray();
        await Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));
        var orders = members.Select((member, index) => wereIn[index] ? crew.LeaveAsync(member.Name) : crew.JoinAsync(member.Name, $"{Guid.NewGuid():N}")).ToArray();
        await Task.Delay(delay, TestContext.Current.CancellationToken);
        await crew.KillAsync();
        await Task.WhenAll(orders);
        _dead.Add(crew);
        _crew = CrewProcess.StartAsync(world, service, members.Select(member => member.Name));
    }

    /// <summary>Ends its process in good order; waits for all that its processes have started.</summary>
    public async Task EndAsync()
    {
        Assert.Equal(0, await (await _crew).EndAsync());
        foreach (var crew in _dead)
        {
            await crew.WaitForDescendantsAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var crew in _dead)
        {
            await crew.DisposeAsync();
        }

        await (await _crew).DisposeAsync();
    }
}
