using System.Text.Json.Nodes;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>RBAC: what the stored Roles, ClusterRoles and their bindings grant. It only ever grants.</summary>
internal sealed class RoleBasedAccess(RoleTables tables)
{
    public AccessDecision Decide(Caller caller, AccessAttributes wanted) =>
        Decide(caller, wanted.Namespace, rule => PolicyRules.Grants(rule, wanted));

    public AccessDecision DecidePath(Caller caller, string verb, string path) =>
        Decide(caller, null, rule => PolicyRules.GrantsPath(rule, verb, path));

    /// <summary>Every rule that holds for the caller in a namespace.</summary>
    public IReadOnlyList<JsonObject> RulesOf(Caller caller, string? namespaceName) =>
        [.. BindingsOf(caller, namespaceName).SelectMany(grant => tables.RulesOf(grant.Binding) ?? [])];

    private AccessDecision Decide(Caller caller, string? namespaceName, Func<JsonObject, bool> grants)
    {
        var dangling = new List<string>();
        foreach (var (binding, subject) in BindingsOf(caller, namespaceName))
        {
            if (tables.RulesOf(binding) is not { } rules)
            {
                dangling.Add(MissingRole(binding));
            }
            else if (rules.Any(grants))
            {
                return new(true, $"RBAC: allowed by {Describe(binding, subject)}");
            }
        }

        return new(false, dangling switch
        {
            [] => null,
            [var one] => $"RBAC: {one}",
            _ => $"RBAC: [{string.Join(", ", dangling.Distinct())}]",
        });
    }

    private IEnumerable<(JsonObject Binding, JsonObject Subject)> BindingsOf(Caller caller, string? namespaceName)
    {
        foreach (var binding in tables.Bindings(namespaceName))
        {
            var space = binding.Metadata().Text("namespace");
            if (binding.Objects("subjects").FirstOrDefault(subject => Is(subject, caller, space)) is { } subject)
            {
                yield return (binding, subject);
            }
        }
    }

    private static bool Is(JsonObject subject, Caller caller, string? bindingNamespace)
    {
        var name = subject.Text("name") ?? "";
        return subject.Text("kind") switch
        {
            "User" => caller.User == name,
            "Group" => caller.Groups.Contains(name),
            "ServiceAccount" => NamespaceOf(subject, bindingNamespace) is { Length: > 0 } space && caller.User == Caller.ServiceAccountUser(space, name),
            _ => false,
        };
    }

    private static string? NamespaceOf(JsonObject subject, string? bindingNamespace) =>
        subject.Text("namespace") is { Length: > 0 } own ? own : bindingNamespace;

    private static string MissingRole(JsonObject binding) =>
        $"{binding.Object("roleRef")?.Text("kind")?.ToLowerInvariant()}.rbac.authorization.k8s.io \"{binding.Object("roleRef")?.Text("name")}\" not found";

    private static string Describe(JsonObject binding, JsonObject subject)
    {
        var space = binding.Metadata().Text("namespace");
        var role = binding.Object("roleRef") ?? [];
        var (kind, name) = space is null ? ("ClusterRoleBinding", binding.Name()) : ("RoleBinding", $"{binding.Name()}/{space}");
        var whom = subject.Text("kind") == "ServiceAccount" ? $"{subject.Text("name")}/{NamespaceOf(subject, space)}" : subject.Text("name");
        return $"{kind} \"{name}\" of {role.Text("kind")} \"{role.Text("name")}\" to {subject.Text("kind")} \"{whom}\"";
    }
}
