using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;

namespace Intercept.Embedded.ApiServer.Resources.Roles;

/// <summary>Roles and ClusterRoles, whose names may be anything that a path takes.</summary>
internal sealed class RoleStrategy(bool isNamespaced) : BuiltInStrategy(createOnUpdate: true)
{
    public override NameRule NameRule => NameRule.PathSegment;

    public override void Validate(JsonObject json, List<FieldError> errors)
    {
        var index = 0;
        foreach (var rule in json.Objects("rules"))
        {
            Validate(rule, $"rules[{index++}]", errors);
        }
    }

    private void Validate(JsonObject rule, string field, List<FieldError> errors)
    {
        if (IsEmpty(rule, "verbs"))
        {
            errors.Add(FieldError.Required($"{field}.verbs", "verbs must contain at least one value"));
        }

        if (!IsEmpty(rule, "nonResourceURLs"))
        {
            if (isNamespaced)
            {
                errors.Add(FieldError.Invalid($"{field}.nonResourceURLs", rule["nonResourceURLs"], "namespaced rules cannot apply to non-resource URLs"));
            }

            if (!IsEmpty(rule, "apiGroups") || !IsEmpty(rule, "resources") || !IsEmpty(rule, "resourceNames"))
            {
                errors.Add(FieldError.Invalid($"{field}.nonResourceURLs", rule["nonResourceURLs"], "rules cannot apply to both regular resources and non-resource URLs"));
            }

            return;
        }

        if (IsEmpty(rule, "apiGroups"))
        {
            errors.Add(FieldError.Required($"{field}.apiGroups", "resource rules must supply at least one api group"));
        }

        if (IsEmpty(rule, "resources"))
        {
            errors.Add(FieldError.Required($"{field}.resources", "resource rules must supply at least one resource"));
        }
    }

    private static bool IsEmpty(JsonObject rule, string list) => rule.Array(list) is not { Count: > 0 };
}
