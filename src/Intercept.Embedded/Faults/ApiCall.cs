using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Http;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.Faults;

/// <summary>A call of the Kubernetes API, in the words of roles.</summary>
public sealed record ApiCall
{
    internal ApiCall()
    {
    }

    /// <summary>Who calls: <c>embedded</c> for the cluster's own token, <c>system:serviceaccount:NAMESPACE:NAME</c> for a pod.</summary>
    public string User { get; internal init; } = "";

    /// <summary>The whole User-Agent header; empty where there is none.</summary>
    public string UserAgent { get; internal init; } = "";

    /// <summary>
    /// <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>; for
    /// a path that is none of a resource, the method in lower case.
    /// </summary>
    public string Verb { get; internal init; } = "";

    /// <summary>The API group, empty for the core group; null for a path that is none of a resource.</summary>
    public string? Group { get; internal init; }

    /// <summary>The kind in plural, with its sub-resource: <c>services</c>, <c>pods/portforward</c>; null for a path that is none of a resource.</summary>
    public string? Resource { get; internal init; }

    /// <summary>The namespace; null for a kind without namespaces, or for all of them.</summary>
    public string? Namespace { get; internal init; }

    /// <summary>The object's name, also where a list or watch asks for one by <c>metadata.name</c>; null for all, and for a create.</summary>
    public string? Name { get; internal init; }

    /// <summary>The path as it was asked for, without its query.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>It may go on for ever: there is no moment at which it has been answered.</summary>
    internal bool IsStream => Verb == "watch" || Resource is "pods/portforward" or "pods/log";

    internal static ApiCall Of(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var call = new ApiCall
        {
            User = Caller.Of(context).User,
            UserAgent = context.Request.Headers.UserAgent.ToString(),
            Verb = context.Request.Method.ToLowerInvariant(),
            Path = path,
        };
        if (ResourcePath.Parse(path) is not { } resource)
        {
            return call;
        }

        var attributes = AccessAttributes.Of(context, resource, RequestVerb.Of(context, resource) ?? call.Verb);
        return call with
        {
            Verb = attributes.Verb,
            Group = attributes.Group,
            Resource = attributes.FullResource,
            Namespace = attributes.Namespace,
            Name = attributes.Name,
        };
    }
}
