using System.Globalization;
using Intercept.Embedded.ApiServer.Failures;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Reads query parameters with Kubernetes' own complaints.</summary>
internal static class QueryOptions
{
    public static string? Text(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    // A boolean parameter that is there counts as set, unless it says no: what "watch=maybe" does on a real server.
    public static bool Flag(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is not ("false" or "False" or "0");

    public static long? Number(HttpContext context, string name)
    {
        var text = Text(context, name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiFailure.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    /// <summary><c>resourceVersion</c>; null where it is left out or empty.</summary>
    public static long? Version(HttpContext context)
    {
        var text = Text(context, "resourceVersion");
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiFailure.Internal($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    public static bool DryRun(HttpContext context, string optionsKind)
    {
        var values = context.Request.Query["dryRun"];
        if (values.Count == 0)
        {
            return false;
        }

        RequireAll(values!, optionsKind);
        return true;
    }

    public static void RequireAll(IEnumerable<string?> values, string optionsKind)
    {
        var list = values.ToList();
        if (list.Exists(value => value != "All"))
        {
            var shown = string.Join(" ", list.Select(value => $"\"{value}\""));
            throw ApiFailure.Invalid("meta.k8s.io", optionsKind, "", [new FieldError("FieldValueNotSupported", "dryRun", $"Unsupported value: [{shown}]: supported values: \"All\"")]);
        }
    }

    public static string FieldValidation(HttpContext context, string optionsKind)
    {
        var value = Text(context, "fieldValidation");
        if (value is not (null or "" or "Ignore" or "Warn" or "Strict"))
        {
            throw ApiFailure.Invalid("meta.k8s.io", optionsKind, "", [FieldError.NotSupported("fieldValidation", value, "", "Ignore", "Strict", "Warn")]);
        }

        return string.IsNullOrEmpty(value) ? "Warn" : value;
    }

    public static string FieldManager(HttpContext context)
    {
        var named = Text(context, "fieldManager");
        return string.IsNullOrEmpty(named) ? context.Request.Headers.UserAgent.ToString().Split('/')[0] : named;
    }
}
