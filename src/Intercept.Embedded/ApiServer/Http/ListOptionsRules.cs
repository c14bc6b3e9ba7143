using Intercept.Embedded.ApiServer.Failures;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Which list and watch options go together.</summary>
internal static class ListOptionsRules
{
    private const string Match = "resourceVersionMatch";

    public static void CheckList(HttpContext context, long? version, string? token)
    {
        if (context.Request.Query.ContainsKey("sendInitialEvents"))
        {
            throw Invalid(FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }

        if (token is { Length: > 0 } && version is > 0)
        {
            throw ApiFailure.BadRequest("specifying resource version is not allowed when using continue");
        }

        if (QueryOptions.Text(context, Match) is not { Length: > 0 } match)
        {
            return;
        }

        if (match is not ("Exact" or "NotOlderThan"))
        {
            throw Invalid(FieldError.NotSupported(Match, match, "Exact", "NotOlderThan", ""));
        }

        if (token is { Length: > 0 })
        {
            throw Invalid(FieldError.Forbidden(Match, "resourceVersionMatch is forbidden when continue is provided"));
        }

        if (version is null)
        {
            throw Invalid(FieldError.Forbidden(Match, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }

        if (match == "Exact" && version == 0)
        {
            throw Invalid(FieldError.Forbidden(Match, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }
    }

    /// <summary>Whether a watch begins with what there is: null where the client did not say.</summary>
    public static bool? CheckWatch(HttpContext context)
    {
        var match = QueryOptions.Text(context, Match);
        if (!context.Request.Query.ContainsKey("sendInitialEvents"))
        {
            return string.IsNullOrEmpty(match)
                ? null
                : throw Invalid(FieldError.Forbidden(Match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }

        if (match != "NotOlderThan")
        {
            var errors = new List<FieldError> { FieldError.Forbidden(Match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan") };
            if (!string.IsNullOrEmpty(match))
            {
                errors.Add(FieldError.NotSupported(Match, match, "NotOlderThan"));
            }

            throw ApiFailure.Invalid("meta.k8s.io", "ListOptions", "", errors);
        }

        return QueryOptions.Flag(context, "sendInitialEvents");
    }

    private static ApiStatusException Invalid(FieldError error) => ApiFailure.Invalid("meta.k8s.io", "ListOptions", "", [error]);
}
