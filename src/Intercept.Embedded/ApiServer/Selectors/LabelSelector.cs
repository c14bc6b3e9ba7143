using System.Globalization;
using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Selectors;

/// <summary>A label selector, equality- and set-based, from a query or from a <c>LabelSelector</c> object.</summary>
internal sealed class LabelSelector(IReadOnlyList<LabelRequirement> requirements)
{
    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => requirements.Count == 0;

    /// <exception cref="Failures.ApiStatusException">400 with the text that Kubernetes gives for the mistake.</exception>
    public static LabelSelector Parse(string? text) =>
        string.IsNullOrEmpty(text) ? Everything : new(new LabelSelectorParser(text).Parse());

    public static LabelSelector FromObject(JsonObject selector)
    {
        var requirements = selector.Object("matchLabels").TextMap()
            .Select(pair => new LabelRequirement(pair.Key, LabelOperator.In, [pair.Value]))
            .ToList();
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            var values = expression.Array("values")?.Select(value => value.AsText() ?? "").ToList() ?? [];
            requirements.Add(new LabelRequirement(
                expression.Text("key") ?? "",
                expression.Text("operator") switch
                {
                    "In" => LabelOperator.In,
                    "NotIn" => LabelOperator.NotIn,
                    "Exists" => LabelOperator.Exists,
                    _ => LabelOperator.DoesNotExist,
                },
                values));
        }

        return new(requirements);
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>One requirement of a selector.</summary>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => has && Values.Contains(value!),
            LabelOperator.NotIn => !has || !Values.Contains(value!),
            LabelOperator.Exists => has,
            LabelOperator.DoesNotExist => !has,
            LabelOperator.GreaterThan => Compare(value) > 0,
            _ => Compare(value) < 0,
        };
    }

    private int Compare(string? value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number.CompareTo(long.Parse(Values[0], CultureInfo.InvariantCulture))
            : 0;
}

/// <summary>How a requirement compares.</summary>
internal enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}
