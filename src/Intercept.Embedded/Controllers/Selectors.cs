using k8s.Models;

namespace Intercept.Embedded.Controllers;

/// <summary>Whether labels satisfy a selector.</summary>
internal static class Selectors
{
    public static bool Matches(IDictionary<string, string>? selector, IDictionary<string, string>? labels) =>
        selector is { Count: > 0 } && selector.All(wanted => labels is not null && labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);

    public static bool Matches(V1LabelSelector selector, IDictionary<string, string>? labels) =>
        (selector.MatchLabels is null || selector.MatchLabels.All(wanted => Value(labels, wanted.Key) == wanted.Value))
        && (selector.MatchExpressions is null || selector.MatchExpressions.All(wanted => Matches(wanted, Value(labels, wanted.Key))));

    private static string? Value(IDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;

    private static bool Matches(V1LabelSelectorRequirement requirement, string? value) => requirement.OperatorProperty switch
    {
        "In" => value is not null && requirement.Values.Contains(value),
        "NotIn" => value is null || !requirement.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        var other => throw new InvalidOperationException($"A label selector has the unknown operator '{other}'."),
    };
}
