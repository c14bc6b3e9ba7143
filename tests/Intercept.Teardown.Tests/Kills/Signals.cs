using System.Globalization;
using System.Runtime.InteropServices;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Signals by their numbers on Linux.</summary>
internal static partial class Signals
{
    public const int Hup = 1;
    public const int Int = 2;
    public const int Quit = 3;
    public const int Abort = 6;
    public const int Kill9 = 9;
    public const int Term = 15;
    public const int Cont = 18;
    public const int Stop = 19;

    /// <summary>kill(2).</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);

    /// <summary>Whether this process ignores a signal, and so do its children: a background job of a shell does, and .NET respects it.</summary>
    public static bool IsIgnored(int signal)
    {
        const string field = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        var mask = ulong.Parse(line.AsSpan(field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask & (1ul << (signal - 1))) != 0;
    }
}
