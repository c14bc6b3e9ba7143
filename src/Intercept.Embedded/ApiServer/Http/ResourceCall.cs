using Intercept.Embedded.ApiServer.Resources;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>A request to a kind that is served.</summary>
internal sealed record ResourceCall(HttpContext Context, ResourceDefinition Resource, ResourcePath Path)
{
    public string Method => Context.Request.Method;

    public string? Namespace => Path.Namespace;

    public string Name => Path.Name!;

    public CancellationToken Aborted => Context.RequestAborted;
}
