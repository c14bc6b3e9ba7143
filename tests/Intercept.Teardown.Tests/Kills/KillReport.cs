using System.Collections.Concurrent;
using System.Globalization;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>What came of a number of kills.</summary>
internal sealed class KillReport(string layer)
{
    // Of what is measured in seconds, only the order of magnitude counts where others have the machine, too.
    private const int CrowdedSlack = 5;

    private readonly ConcurrentBag<Kill> _kills = [];

    public void Add(Kill kill) => _kills.Add(kill);

    /// <summary>How long it took half of the Services to be as they were, among those that were not when the process ended.</summary>
    public TimeSpan Median => MedianOf(Took(_kills));

    /// <summary>The longest.</summary>
    public TimeSpan Worst => Took(_kills).LastOrDefault();

    /// <summary>The kills after which the machine had room.</summary>
    private IEnumerable<Kill> WithRoom => _kills.Where(kill => !kill.WasCrowded);

    /// <summary>The counters, and the slowest.</summary>
    public override string ToString()
    {
        var slowest = _kills.OrderByDescending(kill => kill.Restored).Take(3)
            .Select(kill => string.Create(CultureInfo.InvariantCulture, $"{kill.Restored.TotalMilliseconds:0} ms at {kill.Moment}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {layer}: {_kills.Count} kills, {Took(_kills).Count} of them while the Service was hijacked or about to be; restored after {Median.TotalMilliseconds:0} ms (median), {Worst.TotalMilliseconds:0} ms (worst)
              while the machine had room: {Took(WithRoom).Count}, {MedianOf(Took(WithRoom)).TotalMilliseconds:0} ms (median), {Took(WithRoom).LastOrDefault().TotalMilliseconds:0} ms (worst)
              residue 0; {_kills.Sum(kill => kill.Requests)} unmatched requests, 0 failed, 0 answered twice
              slowest: {string.Join(", ", slowest)}; seed {KillSettings.Seed}
            """);
    }

    /// <summary>Asserts how long it took, where the machine had room; strictly where it was left to these tests.</summary>
    /// <param name="median">For half of the Services.</param>
    /// <param name="worst">For each of them.</param>
    /// <param name="worstWhileCrowded">For each of the others; five times as long as <paramref name="worst"/> where null.</param>
    public void AssertGoals(TimeSpan median, TimeSpan worst, TimeSpan? worstWhileCrowded = null)
    {
        Assert.True(Worst <= (worstWhileCrowded ?? worst * CrowdedSlack), ToString());
        var took = Took(WithRoom);
        Assert.True(!KillSettings.IsMeasured || (MedianOf(took) <= median && took.LastOrDefault() <= worst), ToString());
    }

    private static TimeSpan MedianOf(List<TimeSpan> took) => took.ElementAtOrDefault(took.Count / 2);

    private static List<TimeSpan> Took(IEnumerable<Kill> kills) => [.. kills.Select(kill => kill.Restored).Where(took => took > TimeSpan.Zero).Order()];
}

/// <summary>One process that was ended.</summary>
/// <param name="Moment">When it was.</param>
/// <param name="Restored">How long after its end the Service was as it was; zero where it was so at its end.</param>
/// <param name="Requests">How many requests went through the Service meanwhile.</param>
/// <param name="WasCrowded">Whether until then more threads wanted to run than there is room for.</param>
internal sealed record Kill(KillMoment Moment, TimeSpan Restored, int Requests, bool WasCrowded);
