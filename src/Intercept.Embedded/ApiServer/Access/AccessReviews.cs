using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>POST of a review: answered, never stored.</summary>
internal sealed class AccessReviews(DeniedAccess denied)
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
        var status = kind == "SelfSubjectAccessReview" ? Decide(review.Object("spec") ?? []) : ListRules();
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

    private JsonObject Decide(JsonObject spec)
    {
        var (resource, other) = (spec.Object("resourceAttributes"), spec.Object("nonResourceAttributes"));
        if (resource is null == other is null)
        {
            throw ApiFailure.Invalid(Group, "", "", [FieldError.Invalid(
                "spec.resourceAttributes",
                resource,
                resource is null ? "exactly one of nonResourceAttributes or resourceAttributes must be specified" : "cannot be specified in combination with nonResourceAttributes")]);
        }

        if (resource is null)
        {
            return new JsonObject { ["allowed"] = true };
        }

        var name = resource.Text("resource") ?? "";
        var full = resource.Text("subresource") is { Length: > 0 } below ? $"{name}/{below}" : name;
        return new JsonObject { ["allowed"] = !denied.Denies(resource.Text("verb") ?? "", resource.Text("group") ?? "", full) };
    }

    private JsonObject ListRules()
    {
        if (denied.Rules.Count > 0)
        {
            throw ApiFailure.NotImplemented("SelfSubjectRulesReview while access is denied by rules");
        }

        return new JsonObject
        {
            ["resourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") }),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }),
            ["incomplete"] = false,
        };
    }
}
