using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>Who writes what where, and under which options.</summary>
/// <param name="Resource">The kind.</param>
/// <param name="Namespace">The namespace of the path; null for a cluster-wide kind.</param>
/// <param name="FieldManager">Who is noted in managedFields.</param>
internal sealed record RequestScope(ResourceDefinition Resource, string? Namespace, string FieldManager)
{
    /// <summary>All is done but storing.</summary>
    public bool DryRun { get; init; }

    /// <summary>What happens to unknown fields: <c>Ignore</c>, <c>Warn</c> or <c>Strict</c>.</summary>
    public string FieldValidation { get; init; } = "Warn";

    /// <summary><c>status</c>, <c>scale</c> or nothing.</summary>
    public string? Subresource { get; init; }

    /// <summary>Server-side apply takes fields from other managers in place of a conflict.</summary>
    public bool Force { get; init; }

    /// <summary>What goes to the client as <c>Warning</c> headers.</summary>
    public List<string> Warnings { get; } = [];
}
