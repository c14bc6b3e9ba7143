using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>What a request does, in the words that roles and faults use.</summary>
internal static class RequestVerb
{
    /// <summary>Null for a method that the API has no verb for.</summary>
    public static string? Of(HttpContext context, ResourcePath path)
    {
        var isCollection = path.Name is null;
        return context.Request.Method switch
        {
            "GET" when path.IsWatch || (isCollection && QueryOptions.Flag(context, "watch")) => "watch",
            "GET" => isCollection ? "list" : "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => isCollection ? "deletecollection" : "delete",
            _ => null,
        };
    }
}
