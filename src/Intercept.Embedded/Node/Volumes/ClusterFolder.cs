using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Intercept.Embedded.Node.Volumes;

/// <summary>
/// Where a cluster keeps the volumes of its pods. The folder's name says which process it belongs to, from the first moment on,
/// so that what a killed process has left can be told from what is in use.
/// </summary>
internal static class ClusterFolder
{
    private const string Prefix = "intercept-embedded-";

    /// <summary>A name for a new folder of this process.</summary>
    public static string NewPath(string root) => Path.Join(root, $"{NameOf(Environment.ProcessId)}-{Guid.NewGuid():N}");

    /// <summary>How the names of a process's folders begin.</summary>
    public static string NameOf(int processId) => $"{Prefix}{MachineId()}-{processId}-{StartOf(processId) ?? 0}";

    /// <summary>Deletes the folders of processes of this machine that have ended.</summary>
    public static void DeleteAbandoned(string root)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, $"{Prefix}{MachineId()}-*"))
        {
            if (!IsAbandoned(Path.GetFileName(folder)))
            {
                continue;
            }

            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Someone else's to delete, or being deleted by someone else right now.
            }
        }
    }

    private static bool IsAbandoned(string name) =>
        name.Split('-') is [_, _, _, var id, var start, _]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var started)
        && StartOf(processId) != started;

    /// <summary>Process ids mean something within one host and, on Linux, one pid namespace: containers may share /tmp.</summary>
    private static string MachineId()
    {
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName} {space}")).AsSpan(0, 4));
    }

    /// <summary>
    /// When a process began: the kernel's ticks since the boot (proc(5), stat, field 22); 0 where there is no /proc; null where
    /// the process does not run.
    /// </summary>
    private static long? StartOf(int processId)
    {
        const int fieldAfterName = 19;
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(processId);
                return 0;
            }

            // The name in parentheses may itself hold blanks and parentheses.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

            // A zombie has ended; only its parent has not looked yet.
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[fieldAfterName], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
