using System.Diagnostics.CodeAnalysis;

namespace Intercept;

/// <summary>
/// Which requests an intercept takes: those that carry header <see cref="Name"/> with exactly <see cref="Value"/>, or, as
/// <see cref="AllTraffic"/>, all that no header rule of anybody takes.
/// </summary>
public sealed record HeaderRule
{
    /// <summary>The header that the original Intercept uses when none is named.</summary>
    public const string DefaultName = "X-C6O-INTERCEPT";

    private HeaderRule(string name, string value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Takes every request that no header rule takes. Other people's header rules still win.</summary>
    public static HeaderRule AllTraffic { get; } = new(string.Empty, string.Empty);

    /// <summary>Whether this is <see cref="AllTraffic"/>.</summary>
    public bool IsAllTraffic => Name.Length == 0;

    /// <summary>The header's name; compared without regard to case. Empty for <see cref="AllTraffic"/>.</summary>
    public string Name { get; }

    /// <summary>The header's value; compared exactly. Empty for <see cref="AllTraffic"/>.</summary>
    public string Value { get; }

    /// <summary>A rule for one header and one value.</summary>
    /// <exception cref="FormatException">The name is no HTTP field name, or the value can't stand in a header.</exception>
    public static HeaderRule Create(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!HeaderSyntax.IsFieldName(name))
        {
            throw new FormatException(
                $"'{name}' is not an HTTP header name: use letters, digits and any of !#$%&'*+-.^_`|~, for example {DefaultName}.");
        }

        if (!HeaderSyntax.IsFieldValue(value))
        {
            throw new FormatException(
                $"The value of header '{name}' can't be sent in a header: it must be 1 to 1024 visible ASCII characters, with blanks only inside.");
        }

        return new HeaderRule(name, value);
    }

    /// <summary>Reads <c>KEY:value</c>, as the original's command line takes it. The value may hold colons; blanks around it don't count.</summary>
    /// <exception cref="FormatException">There is no colon, or name or value are not valid in a header.</exception>
    public static HeaderRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? throw new FormatException($"'{text}' has no colon: write a header rule as KEY:value, for example {DefaultName}:yes.")
            : Create(text[..colon].Trim(), text[(colon + 1)..].Trim());
    }

    /// <summary>Whether both name the same header (without regard to case) and the same value, or both take all traffic.</summary>
    public bool Equals([NotNullWhen(true)] HeaderRule? other) =>
        other is not null && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase) && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Name), Value);

    /// <summary><c>KEY:value</c>, or <c>all traffic</c>.</summary>
    public override string ToString() => IsAllTraffic ? "all traffic" : $"{Name}:{Value}";
}
