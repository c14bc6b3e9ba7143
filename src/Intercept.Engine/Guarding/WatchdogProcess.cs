using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Intercept.Engine.Guarding;

/// <summary>A running watchdog, seen from the test process: its lines go in, and it ends some time after they do.</summary>
internal sealed class WatchdogProcess : IAsyncDisposable
{
    /// <summary>What the watchdog says when it is up, in front of its process id.</summary>
    public const string Ready = "ready ";

    private const int LongestOutput = 4096;

    // The shell ends at once, so that the watchdog is nobody's child: neither "end this process tree" nor a Ctrl+C in its first
    // milliseconds reaches it. Its input is given a number of its own because a shell takes it away from what runs behind it.
    private const string Orphaning = """trap '' HUP INT QUIT; exec 3<&0; "$@" <&3 3<&- 2>&1 &""";

    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    // Coverage tools and debuggers of the test process are not meant for its watchdog.
    private static readonly string[] NotInherited =
    [
        "CORECLR_ENABLE_PROFILING", "CORECLR_PROFILER", "CORECLR_PROFILER_PATH", "DOTNET_STARTUP_HOOKS", "DOTNET_DiagnosticPorts",
    ];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly CancellationTokenSource _stopReading = new();
    private readonly Task _reading;
    private volatile int _id;

    private WatchdogProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync(_stopReading.Token);
    }

    /// <summary>The process id; null as long as it is not up.</summary>
    public int? Id => _id == 0 ? null : _id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>Why it has ended, for people.</summary>
    public string Obituary()
    {
        var said = _output.ToString().Trim();
        return $"{(Id is { } id ? $"process {id} ended too early" : "it did not come up")}{(said.Length > 0 ? $": {said}" : string.Empty)}";
    }

    /// <summary>Starts a watchdog; it comes up while the caller goes on.</summary>
    /// <exception cref="InterceptException">It could not be started.</exception>
    public static WatchdogProcess Start(WatchdogProgram program)
    {
        string[] command = [program.Dotnet, "exec", program.Assembly];
        if (!OperatingSystem.IsWindows())
        {
            command = ["/bin/sh", "-c", Orphaning, "sh", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = OperatingSystem.IsWindows(),
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            WorkingDirectory = Path.GetPathRoot(program.Assembly),
            CreateNoWindow = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var variable in NotInherited)
        {
            start.Environment.Remove(variable);
        }

        try
        {
            return new WatchdogProcess(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new InterceptException($"{command[0]} could not be started: {exception.Message}", exception);
        }
    }

    /// <summary>Sends a line; when this returns the watchdog will read it, whatever happens to this process.</summary>
    /// <exception cref="IOException">The watchdog has ended.</exception>
    /// <remarks>It can't be cancelled: half a line would spoil the next one.</remarks>
    public async Task SendAsync(WatchdogLine line)
    {
        await _process.StandardInput.WriteLineAsync(line.ToString());
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>
    /// Ends the lines. A watchdog that knows of nothing open ends at once and is awaited; any other goes on until it has closed it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _process.StandardInput.DisposeAsync();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        _stopReading.CancelAfter(GoodbyeLimit);
        await _reading;
        _stopReading.Dispose();
        _process.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith(Ready, StringComparison.Ordinal) && int.TryParse(line.AsSpan(Ready.Length), out var id))
                {
                    _id = id;
                }
                else if (_output.Length < LongestOutput)
                {
                    _output.AppendLine(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It goes on without us.
        }
    }
}
