using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources.Roles;

/// <summary>RoleBindings and ClusterRoleBindings: they never change their role.</summary>
internal sealed class RoleBindingStrategy(bool isNamespaced) : BuiltInStrategy(createOnUpdate: true)
{
    private const string Group = "rbac.authorization.k8s.io";

    private readonly string[] _roleKinds = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];

    public override NameRule NameRule => NameRule.PathSegment;

    public override void Default(JsonObject json)
    {
        if (json.Object("roleRef") is { } role && string.IsNullOrEmpty(role.Text("apiGroup")))
        {
            role["apiGroup"] = Group;
        }

        foreach (var subject in json.Objects("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group")
            {
                subject.Default("apiGroup", Group);
            }
        }
    }

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        var role = json.Object("roleRef") ?? [];
        if (role.Text("apiGroup") != Group)
        {
            errors.Add(FieldError.NotSupported("roleRef.apiGroup", role.Text("apiGroup") ?? "", Group));
        }

        if (!_roleKinds.Contains(role.Text("kind")))
        {
            errors.Add(FieldError.NotSupported("roleRef.kind", role.Text("kind") ?? "", _roleKinds));
        }

        if (role.Text("name") is not { Length: > 0 } name)
        {
            errors.Add(FieldError.Required("roleRef.name"));
        }
        else
        {
            errors.AddRange(NameRule.Problems(name).Select(problem => FieldError.Invalid("roleRef.name", name, problem)));
        }

        var index = 0;
        foreach (var subject in json.Objects("subjects"))
        {
            ValidateSubject(subject, $"subjects[{index++}]", errors);
        }
    }

    public override void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
        if (!JsonNode.DeepEquals(next["roleRef"], previous["roleRef"]))
        {
            errors.Add(FieldError.Invalid("roleRef", next["roleRef"], "cannot change roleRef"));
        }
    }

    private void ValidateSubject(JsonObject subject, string field, List<FieldError> errors)
    {
        var (kind, group) = (subject.Text("kind"), subject.Text("apiGroup") ?? "");
        if (string.IsNullOrEmpty(subject.Text("name")))
        {
            errors.Add(FieldError.Required($"{field}.name"));
        }

        switch (kind)
        {
            case "ServiceAccount" when group.Length > 0:
                errors.Add(FieldError.NotSupported($"{field}.apiGroup", group, ""));
                break;
            case "ServiceAccount" when !isNamespaced && string.IsNullOrEmpty(subject.Text("namespace")):
                errors.Add(FieldError.Required($"{field}.namespace"));
                break;
            case "User" or "Group" when group != Group:
                errors.Add(FieldError.NotSupported($"{field}.apiGroup", group, Group));
                break;
            case "ServiceAccount" or "User" or "Group":
                break;
            default:
                errors.Add(FieldError.NotSupported($"{field}.kind", kind ?? "", "ServiceAccount", "User", "Group"));
                break;
        }
    }
}
