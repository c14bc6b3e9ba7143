using System.Diagnostics;
using System.Globalization;
using Intercept.Teardown.Tests.Kills;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>
/// Processes with participants that join, leave and die on one Service, round after round. Whoever takes part is asked all the
/// time, through the Service, and in each round after everybody has moved.
/// </summary>
internal sealed class RoundRun : IAsyncDisposable
{
    private const int Processes = 4;
    private const int MembersOfEach = 2;
    private const int RoundsPerRestore = 8;

    // A process takes much longer to start than a round.
    private const int LeastRoundsPerKill = 10;
    private const int MostRoundsPerKill = 50;
    private const int Kills = 12;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(60);

    private readonly KillWorld _world;
    private readonly string _service;
    private readonly Random _random;
    private readonly ServiceWatch _watch;
    private readonly ServiceLoad _load;
    private readonly CrewSlot[] _slots;
    private readonly List<TimeSpan> _durations = [];
    private int _joins;
    private int _leaves;
    private int _kills;
    private int _restores;

    public RoundRun(KillWorld world, string service, int seed)
    {
        _world = world;
        _service = service;
        _random = new Random(seed);
        _watch = new ServiceWatch(world.Cluster, service);
        _load = new ServiceLoad(world, service);
        _slots = [.. from process in Enumerable.Range(0, Processes) select new CrewSlot(world, service, CreateMembers(process))];
    }

    private IEnumerable<Participant> Participants => _slots.SelectMany(slot => slot.Members);

    /// <summary>Runs them.</summary>
    public async Task RunAsync(int rounds)
    {
        await Task.WhenAll(_slots.Select(slot => slot.GetCrewAsync()));
        var roundsPerKill = Math.Clamp(rounds / Kills, LeastRoundsPerKill, MostRoundsPerKill);
        for (var round = 1; round <= rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await MoveAsync(everybodyLeaves: round % RoundsPerRestore == 0, isDeadly: round % roundsPerKill == 0);
            AssertNothingWrong(round);
            _durations.Add(Stopwatch.GetElapsedTime(begun));
        }

        await Task.WhenAll(_slots.Select(slot => slot.GetCrewAsync()));
        await MoveAsync(everybodyLeaves: true, isDeadly: false);
        await Task.WhenAll(_slots.Select(slot => slot.EndAsync()));
        await WaitUntilCleanAsync();
        AssertNothingWrong(rounds);
        var (requests, failures) = await _load.EndAsync();
        Assert.True(failures.Count == 0, $"{failures.Count} of {requests} unmatched requests went wrong.{Environment.NewLine}{string.Join(Environment.NewLine, failures.Order())}");
        Report(requests);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Participants.Select(participant => participant.DisposeAsync().AsTask()));
        foreach (var slot in _slots)
        {
            await slot.DisposeAsync();
        }

        await _load.DisposeAsync();
        await _watch.DisposeAsync();
    }

    private Participant[] CreateMembers(int process) =>
    [
        .. from member in Enumerable.Range(0, MembersOfEach)
           select new Participant(_world, _service, string.Create(CultureInfo.InvariantCulture, $"engine-{process}-{member}")),
    ];

    private async Task MoveAsync(bool everybodyLeaves, bool isDeadly)
    {
        var ready = _slots.Where(slot => slot.IsReady).ToList();
        var moves = new List<Task>();
        if (isDeadly && !everybodyLeaves && ready.Count > 0)
        {
            var victim = ready[Pick(ready.Count)];
            ready.Remove(victim);
            moves.Add(victim.KillAsync(PickDelay()));
            _kills++;
        }

        foreach (var slot in ready)
        {
            var crew = await slot.GetCrewAsync();
            moves.AddRange(slot.Members.Where(member => everybodyLeaves ? member.IsIn : Pick(3) == 0).Select(member => MoveAsync(member, crew, PickDelay())));
        }

        await Task.WhenAll(moves);
        await Task.WhenAll(Participants.Select(participant => participant.WaitForAnswersAsync()));
        if (everybodyLeaves)
        {
            await WaitUntilCleanAsync();
            _restores++;
        }
    }

    private async Task MoveAsync(Participant participant, CrewProcess crew, TimeSpan delay)
    {
        if (participant.IsIn)
        {
            _leaves++;
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            await participant.LeaveAsync(crew);
        }
        else
        {
            _joins++;
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            await participant.JoinAsync(crew);
        }
    }

    private async Task WaitUntilCleanAsync()
    {
        await _watch.WaitUntilRestoredAsync(TestContext.Current.CancellationToken);
        await Residue.WaitUntilNoneAsync(_world.Api, _service, TestContext.Current.CancellationToken);
    }

    private void AssertNothingWrong(int round)
    {
        string[] wrong = [.. Participants.SelectMany(participant => participant.Failures), .. _slots.SelectMany(slot => slot.Complaints)];
        Assert.True(wrong.Length == 0, $"Round {round}, seed {RoundSettings.Seed}: {string.Join(Environment.NewLine, wrong)}");
    }

    private void Report(int unmatched)
    {
        _durations.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {_durations.Count} rounds of {Processes * MembersOfEach} engines in {Processes} processes: {_joins} joins, {_leaves} leaves, {_kills} processes killed while their engines came and went; {_restores} times the last one restored
              {Participants.Sum(participant => participant.Answers)} requests of those who took part, all answered by the right one; {unmatched} unmatched requests, 0 failed, 0 answered twice; residue 0
              a round took {_durations[_durations.Count / 2].TotalMilliseconds:0} ms (median), {_durations[^1].TotalMilliseconds:0} ms (longest)
            """));
    }

#pragma warning disable CA5394 // Not for secrets: to come back to the same rounds.
    private int Pick(int below) => _random.Next(below);

    private TimeSpan PickDelay() => LongestDelay * _random.NextDouble();
#pragma warning restore CA5394
}
