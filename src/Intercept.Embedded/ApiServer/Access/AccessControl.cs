using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>Who may do what: the administrator all that no test has denied, a ServiceAccount what its roles grant.</summary>
internal sealed class AccessControl(DeniedAccess denied, RoleBasedAccess roles)
{
    // What Kubernetes' own ClusterRoles system:discovery and system:public-info-viewer let everybody read.
    private static readonly string[] PublicPaths = ["/api", "/apis", "/healthz", "/livez", "/readyz", "/openapi", "/version"];

    public AccessDecision Decide(Caller caller, AccessAttributes wanted) => caller.IsAdministrator
        ? new(!denied.Denies(wanted.Verb, wanted.Group, wanted.FullResource))
        : roles.Decide(caller, wanted);

    public AccessDecision DecidePath(Caller caller, string verb, string path)
    {
        var isPublic = verb == "get" && PublicPaths.Any(open => path == open || path.StartsWith($"{open}/", StringComparison.Ordinal));
        return caller.IsAdministrator || isPublic ? new(true) : roles.DecidePath(caller, verb, path);
    }

    /// <exception cref="ApiStatusException">403.</exception>
    public void Require(HttpContext context, ResourcePath path, string verb)
    {
        var caller = Caller.Of(context);
        var wanted = AccessAttributes.Of(context, path, verb);
        if (Decide(caller, wanted) is not { Allowed: false } refusal)
        {
            return;
        }

        var scope = wanted.Namespace is null ? "at the cluster scope" : $"in the namespace \"{wanted.Namespace}\"";
        var qualified = wanted.Group.Length == 0 ? wanted.Resource : $"{wanted.Resource}.{wanted.Group}";
        var subject = wanted.Name is null ? qualified : $"{qualified} \"{wanted.Name}\"";
        var details = new JsonObject();
        if (wanted.Name is not null)
        {
            details["name"] = wanted.Name;
        }

        if (wanted.Group.Length > 0)
        {
            details["group"] = wanted.Group;
        }

        details["kind"] = wanted.Resource;
        throw new ApiStatusException(
            403,
            "Forbidden",
            $"{subject} is forbidden: User \"{caller.User}\" cannot {verb} resource \"{wanted.FullResource}\" in API group \"{wanted.Group}\" {scope}{Because(refusal)}",
            details);
    }

    /// <exception cref="ApiStatusException">403.</exception>
    public void RequirePath(HttpContext context, string path)
    {
        var caller = Caller.Of(context);
        var verb = context.Request.Method.ToLowerInvariant();
        var trimmed = path.Length > 1 ? path.TrimEnd('/') : path;
        if (DecidePath(caller, verb, trimmed) is { Allowed: false } refusal)
        {
            throw new ApiStatusException(403, "Forbidden", $"forbidden: User \"{caller.User}\" cannot {verb} path \"{path}\"{Because(refusal)}", []);
        }
    }

    private static string Because(AccessDecision refusal) => refusal.Reason is null ? "" : $": {refusal.Reason}";
}

/// <summary>Whether something is allowed, and the reason where there is one to tell.</summary>
internal sealed record AccessDecision(bool Allowed, string? Reason = null);
