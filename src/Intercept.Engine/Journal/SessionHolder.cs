using System.Diagnostics;
using System.Globalization;

namespace Intercept.Engine.Journal;

/// <summary>The process that holds an intercept, so that people can find it and others can tell whether it still runs.</summary>
internal sealed record SessionHolder(
    string Name, string User, string Host, string BootId, int ProcessId, string ProcessStarted, string Created, string? CiRun)
{
    /// <summary>This process.</summary>
    public static SessionHolder Current(string? name, TimeProvider time)
    {
        using var process = Process.GetCurrentProcess();
        return new SessionHolder(
            name ?? AppDomain.CurrentDomain.FriendlyName,
            Environment.UserName,
            Environment.MachineName,
            ReadBootId(),
            Environment.ProcessId,
            process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
            time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            FindCiRun());
    }

    /// <summary>One line for a message: who, where, since when.</summary>
    public string Describe(TimeProvider time)
    {
        var age = DateTimeOffset.TryParse(Created, CultureInfo.InvariantCulture, out var created)
            ? $", open for {Age(time.GetUtcNow() - created)}"
            : string.Empty;
        var run = CiRun is null ? string.Empty : $", run {CiRun}";
        return $"{Name} ({User} on {Host}, process {ProcessId}{age}{run})";
    }

    private static string Age(TimeSpan age) =>
        age.TotalMinutes < 2 ? $"{Math.Max(0, (int)age.TotalSeconds)} s" : age.TotalHours < 2 ? $"{(int)age.TotalMinutes} min" : $"{(int)age.TotalHours} h";

    /// <summary>Linux gives every boot an id; elsewhere the process's start time must do.</summary>
    private static string ReadBootId()
    {
        const string file = "/proc/sys/kernel/random/boot_id";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : string.Empty;
    }

    private static string? FindCiRun()
    {
        if (Environment.GetEnvironmentVariable("GITHUB_RUN_ID") is { } run)
        {
            return $"{Environment.GetEnvironmentVariable("GITHUB_SERVER_URL")}/{Environment.GetEnvironmentVariable("GITHUB_REPOSITORY")}/actions/runs/{run}";
        }

        return Environment.GetEnvironmentVariable("CI_JOB_URL") ?? Environment.GetEnvironmentVariable("BUILD_URL");
    }
}
