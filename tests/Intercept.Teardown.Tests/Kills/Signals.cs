using System.Runtime.InteropServices;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Signals by their numbers, which are the same on every Unix for these.</summary>
internal static partial class Signals
{
    public const int Hup = 1;
    public const int Int = 2;
    public const int Quit = 3;
    public const int Abort = 6;
    public const int Kill9 = 9;
    public const int Term = 15;

    /// <summary>kill(2).</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);
}
