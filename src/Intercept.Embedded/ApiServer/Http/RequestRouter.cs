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
    RequestGuard guard,
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
            await OtherAsync(context, path);
            return;
        }

        if (AccessReviews.Serves(resourcePath))
        {
            await reviews.AnswerAsync(context, resourcePath);
            return;
        }

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

        var call = new ResourceCall(context, resource, resourcePath);
        var verb = Verb(call);
        guard.CheckAccess(resourcePath, verb);
        store.Table(resource);
        await calls.ServeAsync(call, verb);
    }

    private static string Verb(ResourceCall call)
    {
        var isCollection = call.Path.Name is null;
        return call.Method switch
        {
            "GET" when WantsWatch(call) => "watch",
            "GET" => isCollection ? "list" : "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => isCollection ? "deletecollection" : "delete",
            _ => throw ApiFailure.MethodNotAllowed(),
        };
    }

    private static bool WantsWatch(ResourceCall call) =>
        call.Path.IsWatch || (call.Path.Name is null && QueryOptions.Flag(call.Context, "watch"));

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
