using System.Globalization;

namespace Intercept.Teardown.Tests.Rounds;

/// <summary>How many rounds there are, and which.</summary>
internal static class RoundSettings
{
    /// <summary>The environment variable with the number of rounds; some where it is not set.</summary>
    public const string CountVariable = "INTERCEPT_ROUNDS";

    /// <summary>The environment variable with the seed; another one each time where it is not set.</summary>
    public const string SeedVariable = "INTERCEPT_ROUNDS_SEED";

    public static int Count => Read(CountVariable) ?? 12;

    public static int Seed { get; } = Read(SeedVariable) ?? Environment.TickCount & 0xfffff;

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
