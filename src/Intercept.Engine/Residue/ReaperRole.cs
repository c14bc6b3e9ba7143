using k8s.Models;

namespace Intercept.Engine.Residue;

/// <summary>
/// What the reaper in the proxy's pod may do: close intercepts of one Service, and nothing else. Every rule names its objects.
/// </summary>
internal static class ReaperRole
{
    private const string Sessions = "sessions";

    /// <summary>The rules, for participants with these Sessions.</summary>
    public static IList<V1PolicyRule> Rules(ServiceReference service, InterceptNames names, IReadOnlyList<string> sessions) =>
    [
        Rule("", "services", [service.Name], "get", "list", "watch", "patch"),
        Rule("", "services", [names.Decoy], "get", "patch", "delete"),
        Rule("", "configmaps", [names.Interceptor], "get", "patch", "delete"),
        Rule("apps", "deployments", [names.Interceptor], "get", "patch", "delete"),
        Rule(Journal.SessionResource.GroupName, Sessions, sessions, "get", "list", "watch", "patch", "delete"),
        Rule(Journal.SessionResource.GroupName, $"{Sessions}/status", sessions, "patch"),
        // A Session that is not found is looked for among the ConfigMaps: there it is where the custom resource is missing.
        Rule("", "configmaps", sessions, "get", "patch", "delete"),
    ];

    /// <summary>The Sessions that a Role's rules name.</summary>
    public static IReadOnlyList<string> SessionsOf(V1Role role) =>
        [.. role.Rules?.FirstOrDefault(rule => rule.Resources?.Contains(Sessions) == true)?.ResourceNames ?? []];

    private static V1PolicyRule Rule(string group, string resource, IReadOnlyList<string> names, params string[] verbs) => new()
    {
        ApiGroups = [group],
        Resources = [resource],
        ResourceNames = [.. names],
        Verbs = verbs,
    };
}
