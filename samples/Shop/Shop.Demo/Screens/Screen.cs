using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Shop.Demo.Screens;

/// <summary>What the viewer sees: chapters, timed steps, tables, YAML; with or without colours.</summary>
internal sealed class Screen
{
    private const int PlainWidth = 160;

    private readonly IAnsiConsole _console;
    private readonly bool _plain;
    private readonly Lock _gate = new();
    private readonly long _begun = Stopwatch.GetTimestamp();

    private Screen(IAnsiConsole console, bool plain) => (_console, _plain) = (console, plain);

    public static Screen Open(bool plain)
    {
        plain = plain || Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            // Not No: Spectre would then set colours through the console, which writes escapes by itself.
            Ansi = plain ? AnsiSupport.Yes : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        if (plain)
        {
            console.Profile.Width = PlainWidth;
            console.Profile.Capabilities.Unicode = false;
        }

        return new Screen(console, plain);
    }

    public void Chapter(string title)
    {
        lock (_gate)
        {
            _console.WriteLine();
            _console.Write(new Text(_plain ? $"== {title}" : title, Styled(Color.Aqua, Decoration.Bold)));
            _console.WriteLine();
        }
    }

    public void Line(string text) => Write(text, Style.Plain);

    public void Good(string text) => Write(text, Styled(Color.Green));

    public void Bad(string text) => Write(text, Styled(Color.Red, Decoration.Bold));

    /// <summary>A line with the time since the start of the demo.</summary>
    public void Step(string text) => Step(text, Stopwatch.GetElapsedTime(_begun));

    /// <summary>Does something and says how long it took.</summary>
    public async Task<T> StepAsync<T>(string text, Func<Task<T>> action)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = await action();
        Step(string.Create(CultureInfo.InvariantCulture, $"{text} ({Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms)"));
        return result;
    }

    public void Yaml(string yaml) => Write(string.Join('\n', yaml.TrimEnd().Split('\n').Select(line => "  " + line)), Styled(Color.Grey));

    /// <summary>Lines of a comparison: what begins with + or - stands out.</summary>
    public void Difference(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Write("  " + line, line[0] switch { '+' => Styled(Color.Green), '-' => Styled(Color.Red), _ => Styled(Color.Grey) });
        }
    }

    /// <summary>A table whose last column says ok or not.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<(IReadOnlyList<string> Cells, bool Ok)> rows)
    {
        var table = new Table { Border = _plain ? TableBorder.None : TableBorder.Rounded };
        table.AddColumns([.. headings.Select(heading => new TableColumn(new Text(heading, Styled(Color.Default, Decoration.Bold))).NoWrap()), new TableColumn("ok")]);
        foreach (var (cells, ok) in rows)
        {
            table.AddRow([.. cells.Select(cell => new Text(cell)), new Text(ok ? "ok" : "NO", Styled(ok ? Color.Green : Color.Red))]);
        }

        lock (_gate)
        {
            _console.Write(table);
        }
    }

    private Style Styled(Color colour, Decoration decoration = Decoration.None) =>
        _plain ? Style.Plain : new Style(colour, decoration: decoration);

    private void Step(string text, TimeSpan time) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"[{time.TotalSeconds,7:0.000} s] {text}"), Style.Plain);

    private void Write(string text, Style style)
    {
        lock (_gate)
        {
            foreach (var line in text.Split('\n'))
            {
                // Console, not Spectre, where nothing is coloured: it would fold long lines.
                if (_plain)
                {
                    Console.Out.WriteLine(line);
                }
                else
                {
                    _console.Write(new Text(line, style));
                    _console.WriteLine();
                }
            }
        }
    }
}
