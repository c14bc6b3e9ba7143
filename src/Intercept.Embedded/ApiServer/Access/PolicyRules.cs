using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>What a <c>PolicyRule</c> of a role covers.</summary>
internal static class PolicyRules
{
    private const string Any = "*";

    /// <remarks>A rule with <c>resourceNames</c> never covers a request without a name: a create, or a list of all.</remarks>
    public static bool Grants(JsonObject rule, AccessAttributes wanted) =>
        Has(rule, "verbs", wanted.Verb)
        && Has(rule, "apiGroups", wanted.Group)
        && Texts(rule, "resources").Any(resource => Covers(resource, wanted))
        && (!Texts(rule, "resourceNames").Any() || Texts(rule, "resourceNames").Contains(wanted.Name ?? ""));

    public static bool GrantsPath(JsonObject rule, string verb, string path) =>
        Has(rule, "verbs", verb) && Texts(rule, "nonResourceURLs").Any(url =>
            url == path || (url.EndsWith('*') && path.StartsWith(url.TrimEnd('*'), StringComparison.Ordinal)));

    private static bool Covers(string resource, AccessAttributes wanted) =>
        resource == Any || resource == wanted.FullResource || (!string.IsNullOrEmpty(wanted.Subresource) && resource == $"*/{wanted.Subresource}");

    private static bool Has(JsonObject rule, string list, string value) => Texts(rule, list).Any(text => text == Any || text == value);

    private static IEnumerable<string> Texts(JsonObject rule, string list) => rule.Array(list)?.Select(text => text.AsText() ?? "") ?? [];
}
