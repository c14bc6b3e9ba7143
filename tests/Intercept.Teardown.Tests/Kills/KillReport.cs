using System.Collections.Concurrent;
using System.Globalization;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>What came of a number of kills.</summary>
internal sealed class KillReport(string layer)
{
    private readonly ConcurrentBag<Kill> _kills = [];

    public void Add(Kill kill) => _kills.Add(kill);

    /// <summary>How long it took half of the Services to be as they were, among those that were not when the process ended.</summary>
    public TimeSpan Median => Took() is { Count: > 0 } took ? took[took.Count / 2] : TimeSpan.Zero;

    /// <summary>The longest.</summary>
    public TimeSpan Worst => Took() is { Count: > 0 } took ? took[^1] : TimeSpan.Zero;

    /// <summary>The longest while the machine had room.</summary>
    public TimeSpan WorstWithRoom => _kills.Where(kill => !kill.WasCrowded).Select(kill => kill.Restored).DefaultIfEmpty().Max();

    /// <summary>The counters, and the slowest.</summary>
    public override string ToString()
    {
        var slowest = _kills.OrderByDescending(kill => kill.Restored).Take(3)
            .Select(kill => string.Create(CultureInfo.InvariantCulture, $"{kill.Restored.TotalMilliseconds:0} ms at {kill.Moment}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {layer}: {_kills.Count} kills, {Took().Count} of them while the Service was hijacked or about to be; restored after {Median.TotalMilliseconds:0} ms (median), {Worst.TotalMilliseconds:0} ms (worst)
              {_kills.Count(kill => kill.WasCrowded)} of them while others wanted much of the machine; {WorstWithRoom.TotalMilliseconds:0} ms (worst) without these
              residue 0; {_kills.Sum(kill => kill.Requests)} unmatched requests, 0 failed, 0 answered twice
              slowest: {string.Join(", ", slowest)}; seed {KillSettings.Seed}
            """);
    }

    /// <summary>In the ordinary run other tests have the machine, too: then, and where somebody else has it, only the order of magnitude counts.</summary>
    public void AssertGoals(TimeSpan median, TimeSpan worst)
    {
        const int slack = 10;
        Assert.True(Median <= median * slack && Worst <= worst * slack, ToString());
        Assert.True(!KillSettings.IsMeasured || (Median <= median && WorstWithRoom <= worst), ToString());
    }

    private List<TimeSpan> Took() => [.. _kills.Select(kill => kill.Restored).Where(took => took > TimeSpan.Zero).Order()];
}

/// <summary>One process that was ended.</summary>
/// <param name="Moment">When it was.</param>
/// <param name="Restored">How long after its end the Service was as it was; zero where it was so at its end.</param>
/// <param name="Requests">How many requests went through the Service meanwhile.</param>
/// <param name="WasCrowded">Whether until then more threads wanted to run than there is room for.</param>
internal sealed record Kill(KillMoment Moment, TimeSpan Restored, int Requests, bool WasCrowded);
