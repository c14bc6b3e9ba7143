using System.Runtime.InteropServices;

namespace Intercept.Watchdog;

/// <summary>Makes this process independent of the terminal and of the process group of the one that started it.</summary>
internal static partial class Detachment
{
    /// <summary>A session of its own: what a terminal, or a shell, sends to the test run's group does not come here.</summary>
    public static void LeaveSession()
    {
        if (!OperatingSystem.IsWindows())
        {
            // It fails only for the leader of a group, which has left its starter's already.
            _ = SetSid();
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();
}
