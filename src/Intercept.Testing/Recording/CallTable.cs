using System.Globalization;
using System.Text;

namespace Intercept.Testing.Recording;

/// <summary>Calls as text, for messages. Headers that carry secrets are masked.</summary>
internal static class CallTable
{
    private const int MaxRows = 30;
    private const int MaxPath = 80;

    private static readonly HashSet<string> SecretHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie",
    };

    /// <summary>One line per call; of many, the latest.</summary>
    public static string Format(IReadOnlyList<RecordedCall> calls, int dropped = 0)
    {
        var shown = calls.Skip(calls.Count - Math.Min(calls.Count, MaxRows)).ToList();
        var first = calls.Count > 0 ? calls[0].Started : default;
        var rows = shown.Select(call => new[]
        {
            Text($"{call.Number}"),
            Text($"+{(call.Started - first).TotalMilliseconds:0}"),
            call.Method,
            Cut(call.Path + call.Query),
            call.Completed ? call.Outcome : "in flight",
            Text($"{call.Duration.TotalMilliseconds:0}"),
        }).Prepend(["#", "at ms", "method", "path", "answer", "took ms"]).ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();

        var table = new StringBuilder();
        foreach (var row in rows)
        {
            table.Append("  ").AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        var omitted = calls.Count - shown.Count + dropped;
        return omitted == 0
            ? table.ToString().TrimEnd()
            : table.Append(CultureInfo.InvariantCulture, $"  ({omitted} earlier calls are not shown)").ToString();
    }

    /// <summary>One call with its headers and the beginning of its body.</summary>
    public static string Describe(RecordedCall call)
    {
        var text = new StringBuilder().Append("  ").AppendLine(call.ToString());
        foreach (var (name, values) in call.Headers)
        {
            text.Append("    ").Append(name).Append(": ").AppendLine(SecretHeaders.Contains(name) ? "***" : values.ToString());
        }

        return text.Append("    body: ").Append(BodyText.Excerpt(call.Body)).ToString();
    }

    private static string Cut(string path) => path.Length > MaxPath ? path[..(MaxPath - 1)] + "…" : path;

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
