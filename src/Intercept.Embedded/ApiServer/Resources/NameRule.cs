using System.Text.RegularExpressions;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>What a name must look like, with the text that Kubernetes gives where it does not.</summary>
internal sealed partial class NameRule(Regex pattern, int limit, string text)
{
    /// <summary>RFC 1123 sub-domain: most kinds.</summary>
    public static NameRule Subdomain { get; } = new(
        SubdomainPattern(),
        253,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");

    /// <summary>RFC 1123 label: namespaces, containers, volumes.</summary>
    public static NameRule Label { get; } = new(
        LabelPattern(),
        63,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");

    /// <summary>RFC 1035 label: services.</summary>
    public static NameRule Dns1035 { get; } = new(
        Dns1035Pattern(),
        63,
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");

    /// <summary>Whatever can be a segment of a path: roles and their bindings.</summary>
    public static NameRule PathSegment { get; } = new(PathSegmentPattern(), int.MaxValue, "may not contain '/'");

    public IEnumerable<string> Problems(string name)
    {
        if (name.Length > limit)
        {
            yield return $"must be no more than {limit} characters";
        }

        if (!pattern.IsMatch(name))
        {
            yield return text;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1035Pattern();

    [GeneratedRegex(@"\A(?!\.{1,2}\z)[^/%]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathSegmentPattern();
}
