using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Selectors;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>What someone wants to do, as authorization sees it.</summary>
internal sealed record AccessAttributes(string Verb, string Group, string Resource, string? Subresource, string? Namespace, string? Name)
{
    /// <summary><c>pods/log</c> for a sub-resource.</summary>
    public string FullResource => string.IsNullOrEmpty(Subresource) ? Resource : $"{Resource}/{Subresource}";

    public static AccessAttributes Of(HttpContext context, ResourcePath path, string verb) => new(
        verb,
        path.Group,
        path.Resource,
        path.Subresource,
        // A namespace counts as lying in itself, so that a Role in it can grant reading it.
        path is { Group: "", Resource: "namespaces", Name: { } self } ? self : path.Namespace,
        path.Name ?? (verb is "list" or "watch" ? FieldSelector.NameIn(QueryOptions.Text(context, "fieldSelector")) : null));

    /// <summary><c>resourceAttributes</c> of a review.</summary>
    public static AccessAttributes From(JsonObject json) => new(
        json.Text("verb") ?? "",
        json.Text("group") ?? "",
        json.Text("resource") ?? "",
        json.Text("subresource"),
        json.Text("namespace") is { Length: > 0 } space ? space : null,
        json.Text("name") is { Length: > 0 } name ? name : null);
}
