using System.Diagnostics;

namespace Intercept.Benchmarks;

/// <summary>Times of one thing, in the order in which they were taken.</summary>
internal sealed class Measurement(string name)
{
    private readonly List<TimeSpan> _times = [];

    public string Name { get; } = name;

    public TimeSpan Median => _times.Order().ElementAt(_times.Count / 2);

    /// <summary>Times the action; what it returns is the caller's to dispose, outside the time.</summary>
    public async Task<T> TakeAsync<T>(Func<Task<T>> action)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = await action();
        _times.Add(Stopwatch.GetElapsedTime(begun));
        return result;
    }
}
