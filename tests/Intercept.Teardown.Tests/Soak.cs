using System.Globalization;

namespace Intercept.Teardown.Tests;

/// <summary>Whether the long form of the tests is asked for: environment variable INTERCEPT_SOAK=1.</summary>
internal static class Soak
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("INTERCEPT_SOAK") == "1";

    /// <summary>How many random histories of edits are restored: environment variable INTERCEPT_HISTORIES, else 100,000, in the long form 10,000,000.</summary>
    public static int Histories =>
        int.TryParse(Environment.GetEnvironmentVariable("INTERCEPT_HISTORIES"), CultureInfo.InvariantCulture, out var number) ? number
        : IsAsked ? 10_000_000
        : 100_000;
}
