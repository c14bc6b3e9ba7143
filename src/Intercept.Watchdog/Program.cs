using System.IO.Pipes;
using Intercept.Engine.Guarding;
using Microsoft.Win32.SafeHandles;

namespace Intercept.Watchdog;

/// <summary>
/// A test process starts this program and tells it on its standard input what it has open. When that ends, however it ends,
/// what is still open is closed from here.
/// </summary>
internal static class Program
{
    public static async Task<int> Main()
    {
        Detachment.LeaveSession();
        using var termination = new TerminationRequest();
        await using var lines = new AnonymousPipeClientStream(PipeDirection.In, new SafePipeHandle(0, ownsHandle: true));
        using var reader = new StreamReader(lines);
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        await output.WriteLineAsync($"{WatchdogProcess.Ready}{Environment.ProcessId}");
        await output.FlushAsync();

        using var log = new WatchdogLog(TimeProvider.System);
        await using var guard = new Guard(log, TimeProvider.System);
        await guard.ListenAsync(reader, termination.Token);
        return await guard.CloseAllAsync() ? 0 : 1;
    }
}
