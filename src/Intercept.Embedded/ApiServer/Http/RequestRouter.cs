using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Discovery;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Finds out what a request asks for and hands it on; turns failures into a Status.</summary>
internal sealed class RequestRouter(
    ResourceCatalog catalog,
    ObjectStore store,
    AccessControl access,
    DiscoveryDocuments discovery,
    AccessReviews reviews,
    ResourceCalls calls)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (ApiStatusException failure) when (!context.Response.HasStarted)
        {
            await ApiResponse.WriteFailureAsync(context, failure);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or BadHttpRequestException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has hung up: nobody is there to be answered.
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            await ApiResponse.WriteFailureAsync(context, new ApiStatusException(500, "InternalError", $"Internal error occurred: {defect}", []));
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (ResourcePath.Parse(path) is not { } resourcePath)
        {
            access.RequirePath(context, path);
            await OtherAsync(context, path);
            return;
        }

        if (AccessReviews.Serves(resourcePath))
        {
            await reviews.AnswerAsync(context, resourcePath);
            return;
        }

        var verb = RequestVerb.Of(context, resourcePath);
        access.Require(context, resourcePath, verb ?? context.Request.Method.ToLowerInvariant());
        if (catalog.Find(resourcePath.Group, resourcePath.Version, resourcePath.Resource) is not { } resource)
        {
            // A group that nobody serves is unknown to the mux already, which answers in plain text.
            if (resourcePath.Group.Length > 0 && !discovery.IsGroup(resourcePath.Group))
            {
                await ApiResponse.WriteTextAsync(context, 404, "404 page not found\n");
                return;
            }

            throw ApiFailure.UnknownPath();
        }

        store.Table(resource);
        await calls.ServeAsync(new ResourceCall(context, resource, resourcePath), verb ?? throw ApiFailure.MethodNotAllowed());
    }

    private async Task OtherAsync(HttpContext context, string path)
    {
        switch (path.TrimEnd('/'))
        {
            case "/healthz" or "/readyz" or "/livez":
                await ApiResponse.WriteTextAsync(context, 200, "ok");
                return;
            case var _ when discovery.Find(path) is { } document:
                Representation.Negotiate(context);
                await ApiResponse.WriteJsonAsync(context, 200, document);
                return;
            case var trimmed when trimmed.StartsWith("/apis/", StringComparison.Ordinal) && !discovery.IsGroup(trimmed.Split('/')[2]):
                await ApiResponse.WriteTextAsync(context, 404, "404 page not found\n");
                return;
            default:
                throw ApiFailure.UnknownPath();
        }
    }
}
