using System.Globalization;
using Intercept.Tests.Apps.Holder;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>When in the life of an intercept its process ends.</summary>
/// <param name="Phase">What the process last said it would do.</param>
/// <param name="Delay">How long after that.</param>
internal sealed record KillMoment(string Phase, TimeSpan Delay)
{
    // Roughly how long each takes in a process that does it for the first time. The moment may well come later than the phase.
    private static readonly (string Phase, double Milliseconds)[] Phases =
        [(Holder.Opening, 1500), (Holder.Active, 200), (Holder.Closing, 400)];

    /// <summary>A moment for the n-th of several: phases in turn, the delay at random, the same again for the same seed.</summary>
    public static KillMoment Pick(int seed, int number, IReadOnlyList<string>? among)
    {
        var candidates = Phases.Where(candidate => among?.Contains(candidate.Phase) != false).ToArray();
        var (phase, length) = candidates[(seed + number) % candidates.Length];
#pragma warning disable CA5394 // Not for secrets: to come back to the same moment.
        var delay = new Random((seed * 1000) + number).NextDouble() * length;
#pragma warning restore CA5394
        return new KillMoment(phase, TimeSpan.FromMilliseconds(delay));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Phase} + {Delay.TotalMilliseconds:0} ms");
}
