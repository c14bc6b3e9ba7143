using System.Text.RegularExpressions;

namespace Intercept;

/// <summary>A Kubernetes Service by namespace and name.</summary>
public sealed partial record ServiceReference
{
    private ServiceReference(string namespaceName, string name)
    {
        Namespace = namespaceName;
        Name = name;
    }

    /// <summary>The Service's namespace.</summary>
    public string Namespace { get; }

    /// <summary>The Service's name.</summary>
    public string Name { get; }

    /// <summary>Reads <c>namespace/name</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form, or a part is no Kubernetes name.</exception>
    public static ServiceReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        return parts.Length == 2 && DnsLabel.IsMatch(parts[0]) && DnsLabel.IsMatch(parts[1])
            ? new ServiceReference(parts[0], parts[1])
            : throw new FormatException(
                $"'{text}' does not name a Service: write namespace/name in lower-case letters, digits and dashes, for example shop/leaf.");
    }

    /// <summary><c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsLabel { get; }
}
