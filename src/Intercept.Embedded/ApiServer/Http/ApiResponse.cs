using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Writes answers.</summary>
internal static class ApiResponse
{
    public const string Json = "application/json";

    public static Task WriteJsonAsync(HttpContext context, int status, JsonNode body) =>
        WriteAsync(context, status, ApiJson.ToUtf8(body));

    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-cache, private";
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static async Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    public static Task WriteFailureAsync(HttpContext context, ApiStatusException failure)
    {
        if (failure.Code is 429 or 504)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return WriteJsonAsync(context, failure.Code, failure.ToStatus());
    }

    public static void AddWarnings(HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            context.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }
    }
}
