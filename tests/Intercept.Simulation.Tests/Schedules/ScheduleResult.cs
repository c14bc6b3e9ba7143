using Intercept.Simulation.Tests.Actors;
using Intercept.Simulation.Tests.Invariants;

namespace Intercept.Simulation.Tests.Schedules;

/// <summary>What came of a schedule.</summary>
internal sealed record ScheduleResult(int Seed, World World, IReadOnlyList<string> Story, IReadOnlyList<EngineProcess> Engines)
{
    /// <summary>All that a person needs to see what went wrong; null where nothing did.</summary>
    public string? Failure => World.Violations.Count == 0 && World.Scheduler.Escape is null
        ? null
        : $"""
            Seed {Seed}: {string.Join(Environment.NewLine, World.Violations)}{World.Scheduler.Escape}
            The story:
              {string.Join(Environment.NewLine + "  ", Story)}
            The course:
            {World.Trace}
            The state at the end: {string.Join(", ", RestInvariants.Residue(World).DefaultIfEmpty("nothing of ours"))}
              {World.Cluster.Table("", "services").Find(World.Namespace, World.ServiceName)?.ToJson().ToJsonString() ?? "no Service"}
            """;
}
