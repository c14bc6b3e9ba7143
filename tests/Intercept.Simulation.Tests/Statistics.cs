using System.Globalization;

namespace Intercept.Simulation.Tests;

/// <summary>Counts what happened, by name, over one schedule or many.</summary>
internal sealed class Statistics
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public long this[string name] => _counts.GetValueOrDefault(name);

    public void Add(string name, long count = 1) => _counts[name] = this[name] + count;

    /// <summary>Adds another's counts; may be called by many threads.</summary>
    public void Add(Statistics other)
    {
        lock (_counts)
        {
            foreach (var (name, count) in other._counts)
            {
                Add(name, count);
            }
        }
    }

    public override string ToString() =>
        string.Join(", ", _counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}")));
}
