namespace Intercept.Teardown.Tests;

/// <summary>Whether the long form of the tests is asked for: environment variable INTERCEPT_SOAK=1.</summary>
internal static class Soak
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("INTERCEPT_SOAK") == "1";
}
