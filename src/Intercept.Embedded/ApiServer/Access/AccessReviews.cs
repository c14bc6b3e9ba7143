using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>POST of a review: answered, never stored.</summary>
internal sealed class AccessReviews(AccessControl access, DeniedAccess denied, RoleBasedAccess roles)
{
    public const string Group = "authorization.k8s.io";

    public static IReadOnlyList<string> Kinds { get; } = ["SelfSubjectAccessReview", "SelfSubjectRulesReview"];

    public async Task AnswerAsync(HttpContext context, ResourcePath path)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || path.Name is not null)
        {
            throw ApiFailure.MethodNotAllowed();
        }

        var kind = Kinds.First(kind => Plural(kind) == path.Resource);
        var review = await RequestBody.ReadObjectAsync(context, kind);
        var status = kind == "SelfSubjectAccessReview" ? Decide(Caller.Of(context), review.Object("spec") ?? []) : ListRules(Caller.Of(context), review.Object("spec")?.Text("namespace"));
        await ApiResponse.WriteJsonAsync(context, 201, new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = $"{Group}/v1",
            ["metadata"] = new JsonObject(),
            ["spec"] = kind == "SelfSubjectAccessReview" ? review["spec"]?.DeepClone() : new JsonObject(),
            ["status"] = status,
        });
    }

    public static string Plural(string kind) => kind.ToLowerInvariant() + "s";

    public static bool Serves(ResourcePath path) =>
        path is { Group: Group, Version: "v1" } && Kinds.Any(kind => Plural(kind) == path.Resource);

    private JsonObject Decide(Caller caller, JsonObject spec)
    {
        var (resource, other) = (spec.Object("resourceAttributes"), spec.Object("nonResourceAttributes"));
        if (resource is null == other is null)
        {
            throw ApiFailure.Invalid(Group, "", "", [FieldError.Invalid(
                "spec.resourceAttributes",
                resource,
                resource is null ? "exactly one of nonResourceAttributes or resourceAttributes must be specified" : "cannot be specified in combination with nonResourceAttributes")]);
        }

        var decision = resource is null
            ? access.DecidePath(caller, other!.Text("verb") ?? "", other!.Text("path") ?? "")
            : access.Decide(caller, AccessAttributes.From(resource));
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason is not null)
        {
            status["reason"] = decision.Reason;
        }

        return status;
    }

    private JsonObject ListRules(Caller caller, string? namespaceName)
    {
        if (!caller.IsAdministrator)
        {
            var rules = roles.RulesOf(caller, namespaceName);
            return Rules(
                rules.Where(rule => rule.Array("resources") is { Count: > 0 }).Prepend(Basic()),
                rules.Where(rule => rule.Array("nonResourceURLs") is { Count: > 0 }));
        }

        if (denied.Rules.Count > 0)
        {
            throw ApiFailure.NotImplemented("SelfSubjectRulesReview while access is denied by rules");
        }

        return Rules([Rule("apiGroups", "resources")], [Rule("nonResourceURLs")]);
    }

    private static JsonObject Rules(IEnumerable<JsonObject> resources, IEnumerable<JsonObject> paths) => new()
    {
        ["resourceRules"] = new JsonArray([.. resources.Select(rule => rule.DeepClone())]),
        ["nonResourceRules"] = new JsonArray([.. paths.Select(rule => rule.DeepClone())]),
        ["incomplete"] = false,
    };

    private static JsonObject Rule(params ReadOnlySpan<string> lists)
    {
        var rule = new JsonObject { ["verbs"] = new JsonArray("*") };
        foreach (var list in lists)
        {
            rule[list] = new JsonArray("*");
        }

        return rule;
    }

    // What everybody may who is somebody.
    private static JsonObject Basic() => new()
    {
        ["verbs"] = new JsonArray("create"),
        ["apiGroups"] = new JsonArray(Group),
        ["resources"] = new JsonArray([.. Kinds.Select(kind => JsonValue.Create(Plural(kind)))]),
    };
}
