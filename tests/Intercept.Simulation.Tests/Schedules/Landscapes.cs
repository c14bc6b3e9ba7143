namespace Intercept.Simulation.Tests.Schedules;

/// <summary>The landscapes that schedules choose from.</summary>
internal sealed class Landscapes
{
    private readonly Landscape[] _all =
    [
        new Landscape(),
        new Landscape { IsApplied = true },
        new Landscape { Replicas = 2 },
        new Landscape { IsApplied = true, HasDefinition = false },
        new Landscape { HasDefinition = false, MayInstall = false },
    ];

    public Landscape Pick(int seed) => _all[(uint)seed % (uint)_all.Length];
}
