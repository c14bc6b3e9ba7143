using System.Globalization;

namespace Intercept.Watchdog;

/// <summary>
/// What a watchdog did after its test process had ended, in a file of the temporary folder: nobody listens to it any more.
/// There is none where there was nothing to do.
/// </summary>
internal sealed class WatchdogLog(TimeProvider time) : IProgress<string>, IDisposable
{
    private readonly Lock _lock = new();
    private StreamWriter? _file;

    /// <summary>Where the log is.</summary>
    public static string FileName { get; } = Path.Join(Path.GetTempPath(), $"intercept-watchdog-{Environment.ProcessId}.log");

    /// <inheritdoc/>
    public void Report(string value)
    {
        lock (_lock)
        {
            _file ??= new StreamWriter(FileName) { AutoFlush = true };
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {value}"));
        }
    }

    /// <summary>Takes the log away: all is well.</summary>
    public void Delete()
    {
        lock (_lock)
        {
            if (_file is not null)
            {
                _file.Dispose();
                _file = null;
                File.Delete(FileName);
            }
        }
    }

    public void Dispose() => _file?.Dispose();
}
