using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Intercept.Teardown.Tests.Kills;

/// <summary>Notes how many threads of the whole machine want to run: what is measured in seconds depends on it.</summary>
internal sealed class MachineLoad : IAsyncDisposable
{
    private const double RoomPerProcessor = 3;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentQueue<(long At, int Running)> _samples = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _sampling;

    public MachineLoad() => _sampling = SampleAsync();

    /// <summary>Whether, on the average of this time, more than three threads for each processor wanted to run.</summary>
    public bool WasCrowded(long from, TimeSpan duration) =>
        _samples.Where(sample => sample.At >= from && Stopwatch.GetElapsedTime(from, sample.At) <= duration).Select(sample => sample.Running)
            .DefaultIfEmpty().Average() > RoomPerProcessor * Environment.ProcessorCount;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _sampling;
        _ended.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            // proc_loadavg(5): three averages, then those who want to run now, a slash, and all.
            var running = (await File.ReadAllTextAsync("/proc/loadavg", CancellationToken.None)).Split(' ')[3].Split('/')[0];
            _samples.Enqueue((Stopwatch.GetTimestamp(), int.Parse(running, CultureInfo.InvariantCulture)));
            await Task.Delay(Round, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
