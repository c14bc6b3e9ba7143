namespace Intercept.Proxy.Contract;

/// <summary>A header with exactly one value, or all traffic that no header rule takes.</summary>
/// <param name="Name">The header's name; empty for all traffic.</param>
/// <param name="Value">The header's value; empty for all traffic.</param>
internal sealed record RouteRule(string Name, string Value)
{
    /// <summary>Takes all that no header rule takes.</summary>
    public static RouteRule AllTraffic { get; } = new(string.Empty, string.Empty);

    /// <summary>Whether this takes all traffic.</summary>
    public bool IsAllTraffic() => Name.Length == 0;

    /// <summary>The same header (without regard to case) and the same value.</summary>
    public bool Equals(RouteRule? other) =>
        other is not null && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase) && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Name), Value);

    /// <summary><c>name:value</c>, or <c>*</c>: the form in which a hello carries it.</summary>
    public override string ToString() => IsAllTraffic() ? "*" : $"{Name}:{Value}";

    /// <summary>Reads what <see cref="ToString"/> wrote; null where it is not of that form.</summary>
    public static RouteRule? Parse(string text)
    {
        if (text == "*")
        {
            return AllTraffic;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0 || colon == text.Length - 1 ? null : new RouteRule(text[..colon], text[(colon + 1)..]);
    }
}
