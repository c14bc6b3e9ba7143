using System.Globalization;

namespace Intercept.Benchmarks;

/// <summary>One line of the table: ours against a yardstick that was measured in the same rounds.</summary>
/// <param name="Ours">What is measured.</param>
/// <param name="Yardstick">What it is compared with.</param>
/// <param name="Goal">What the project set itself, in words.</param>
internal sealed record Comparison(Measurement Ours, Measurement Yardstick, string Goal)
{
    public static void Print(IEnumerable<Comparison> comparisons)
    {
        string[][] rows =
        [
            ["measured", "median", "against", "median", "ratio", "goal"],
            .. comparisons.Select(comparison => comparison.Cells()),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private string[] Cells() =>
    [
        Ours.Name,
        Milliseconds(Ours),
        Yardstick.Name,
        Milliseconds(Yardstick),
        string.Create(CultureInfo.InvariantCulture, $"{Ours.Median / Yardstick.Median:0.00}"),
        Goal,
    ];

    private static string Milliseconds(Measurement measurement) =>
        string.Create(CultureInfo.InvariantCulture, $"{measurement.Median.TotalMilliseconds:0.000} ms");
}
