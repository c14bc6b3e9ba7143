using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Network;

/// <summary>Single faults at a rate, and outages in which everything goes wrong the same way for some seconds.</summary>
internal sealed class RandomFaults(Scheduler scheduler, double rate) : IFaults
{
    private static readonly int[] Statuses = [401, 403, 408, 409, 410, 422, 429, 500, 502, 503, 504];

    private Outcome _outage;
    private TimeSpan _outageEnds;

    /// <summary>No fault happens after this moment: the cluster is well again.</summary>
    public TimeSpan HealthyFrom { get; init; } = TimeSpan.MaxValue;

    public Outcome Decide(int number, ApiRequest request)
    {
        var chance = scheduler.Chance;
        if (scheduler.Now >= HealthyFrom)
        {
            return Outcome.Served;
        }

        if (scheduler.Now < _outageEnds)
        {
            return _outage;
        }

        if (chance.NextDouble() >= rate)
        {
            return Outcome.Served;
        }

        var outcome = Pick(chance, request);
        if (chance.Next(6) == 0 && outcome.Fate is not (Fate.Late or Fate.Stale) && outcome.Status is 0 or 429 or >= 500)
        {
            _outage = outcome;
            _outageEnds = scheduler.Now + TimeSpan.FromMilliseconds(chance.Next(100, 15_000));
        }

        return outcome;
    }

    private static Outcome Pick(Random chance, ApiRequest request) => chance.Next(8) switch
    {
        0 => new Outcome(Fate.RefusedBefore, Statuses[chance.Next(Statuses.Length)]),
        1 => new Outcome(Fate.RefusedAfter, chance.Next(2) == 0 ? 500 : 504),
        2 => new Outcome(Fate.BrokenBefore),
        3 => new Outcome(Fate.BrokenAfter),
        4 => new Outcome(Fate.HangsBefore),
        5 => new Outcome(Fate.Stale),
        6 when request.IsWrite => new Outcome(Fate.Late),
        _ => new Outcome(Fate.HangsAfter),
    };
}
