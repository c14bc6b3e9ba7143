using System.Globalization;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>How many cycles and requests there are.</summary>
internal static class LoadSettings
{
    /// <summary>The environment variable with the number of cycles of opening and closing; a few where it is not set.</summary>
    public const string CyclesVariable = "INTERCEPT_CYCLES";

    /// <summary>The environment variable with the number of requests in all; 2,000 for each cycle where it is not set.</summary>
    public const string RequestsVariable = "INTERCEPT_REQUESTS";

    public static int Cycles => Read(CyclesVariable) ?? 4;

    public static int Requests => Read(RequestsVariable) ?? Cycles * 2000;

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
