using System.Globalization;
using System.Text;

namespace Intercept;

/// <summary>What of ours is in the cluster.</summary>
public sealed record ResidueReport
{
    /// <summary>Every object that carries our label.</summary>
    public IReadOnlyList<ResidueItem> Items { get; init; } = [];

    /// <summary>Every Service that an intercept has written to and that shows it, or that this cluster object has intercepted.</summary>
    public IReadOnlyList<TouchedService> Services { get; init; } = [];

    /// <summary>The kubectl commands for sh that undo by hand all but the open sessions of this process, a line each.</summary>
    public IReadOnlyList<string> Undo { get; init; } = [];

    /// <summary>Where was looked: the namespaces; empty for all of them.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>What this account may not list, and so may be there unseen.</summary>
    public IReadOnlyList<string> NotListed { get; init; } = [];

    /// <summary>Whether there is nothing but what belongs to open sessions of this very process.</summary>
    public bool IsEmpty => Items.All(item => item.IsOwn) && Services.All(service => service.IsOwn || service.IsClean);

    /// <summary>A table for people: what, of which Service, how old, whose; the Services; and how to undo it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Items.Count > 0)
        {
            Row[] rows = [new("kind", "name", "service", "age", "whose"), .. Items.Select(ToRow)];
            var widths = new[] { rows.Max(row => row.Kind.Length), rows.Max(row => row.Name.Length), rows.Max(row => row.Service.Length), rows.Max(row => row.Age.Length) };
            foreach (var row in rows)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"  {row.Kind.PadRight(widths[0])}  {row.Name.PadRight(widths[1])}  {row.Service.PadRight(widths[2])}  {row.Age.PadRight(widths[3])}  {row.Whose}");
            }
        }

        foreach (var service in Services)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  Service {service}");
        }

        if (NotListed.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  not listed, for lack of the right: {string.Join(", ", NotListed)}");
        }

        if (Undo.Count > 0)
        {
            text.AppendLine("To undo it by hand:");
            foreach (var line in Undo)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
            }
        }

        return text.Length == 0 ? "nothing" : text.ToString().TrimEnd();
    }

    private static Row ToRow(ResidueItem item) => new(
        item.Kind,
        $"{item.Namespace}/{item.Name}",
        item.Service ?? "?",
        item.Age.TotalMinutes < 2 ? $"{(int)item.Age.TotalSeconds} s" : item.Age.TotalHours < 2 ? $"{(int)item.Age.TotalMinutes} min" : $"{(int)item.Age.TotalHours} h",
        item.Owners.Count == 0 ? "nobody claims it" : string.Join("; ", item.Owners));

    private sealed record Row(string Kind, string Name, string Service, string Age, string Whose);
}
