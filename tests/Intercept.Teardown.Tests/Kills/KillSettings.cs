using System.Globalization;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>How many processes are ended, and when.</summary>
internal static class KillSettings
{
    /// <summary>The environment variable with the number of kills for each layer; a handful where it is not set.</summary>
    public const string CountVariable = "INTERCEPT_KILLS";

    /// <summary>The environment variable with the seed of the moments; another one each time where it is not set.</summary>
    public const string SeedVariable = "INTERCEPT_KILLS_SEED";

    private const int KillsPerVariation = 8;

    /// <summary>Whether the machine is left to these tests, so that the goals in seconds hold.</summary>
    public static bool IsMeasured => Read(CountVariable) is not null;

    public static int Seed { get; } = Read(SeedVariable) ?? Environment.TickCount & 0xfffff;

    /// <summary>How many processes are killed in one layer.</summary>
    public static int Count(int handful) => Read(CountVariable) ?? handful;

    /// <summary>How many processes end in a way that is a variation of a layer's kill.</summary>
    public static int Few(int handful) => Math.Max(Count(handful) / KillsPerVariation, handful);

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
