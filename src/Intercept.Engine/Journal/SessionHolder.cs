using System.Globalization;

namespace Intercept.Engine.Journal;

/// <summary>The process that holds an intercept, so that people can find it and others can tell whether it still runs.</summary>
internal sealed record SessionHolder(
    string Name, string User, string Host, string BootId, int ProcessId, string ProcessStarted, string Created, string? CiRun = null)
{
    /// <summary>This process.</summary>
    public static SessionHolder Current(string? name, TimeProvider time)
    {
        return new SessionHolder(
            name ?? AppDomain.CurrentDomain.FriendlyName,
            Environment.UserName,
            Environment.MachineName,
            ReadBootId(),
            Environment.ProcessId,
            ReadStartOf(Environment.ProcessId) ?? string.Empty,
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

    /// <summary>Whether it is this very process.</summary>
    public bool IsCurrent() => Host == Environment.MachineName && ProcessId == Environment.ProcessId && !IsGone();

    /// <summary>Whether the same user on this machine, or the same CI run, holds it.</summary>
    public bool IsMine() =>
        (User == Environment.UserName && Host == Environment.MachineName) || (CiRun is not null && CiRun == FindCiRun());

    /// <summary>Whether the process has ended for certain: it ran on this host, in this boot, and is not there.</summary>
    public bool IsGone()
    {
        if (Host != Environment.MachineName || BootId.Length == 0 || BootId != ReadBootId())
        {
            return false;
        }

        return ReadStartOf(ProcessId) != ProcessStarted;
    }

    /// <summary>
    /// When a process began, in the kernel's ticks since the boot (proc(5), stat, field 22), which every process reads alike;
    /// null where it does not run. <see cref="System.Diagnostics.Process.StartTime"/> differs by milliseconds from reader to reader.
    /// </summary>
    private static string? ReadStartOf(int processId)
    {
        const int fieldAfterName = 19;
        try
        {
            // The name in parentheses may itself hold blanks and parentheses.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[fieldAfterName];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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
