using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Selectors;
using Intercept.Embedded.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Intercept.Simulation.Tests.Cluster;

/// <summary>
/// Lists in the order of creation. A real server orders by name, but names hold random digits, and what is random must not
/// decide a schedule's course.
/// </summary>
internal static class OrderedList
{
    /// <summary>The list of a request; null where it asks for something else, or for a kind that is not served.</summary>
    public static ResourceCall? Find(ApiRequest request, HttpContext context, ResourceCatalog catalog) =>
        request.Method == "GET"
        && !request.IsWatch
        && ResourcePath.Parse(request.Path) is { Name: null } path
        && catalog.Find(path.Group, path.Version, path.Resource) is { } resource
            ? new ResourceCall(context, resource, path)
            : null;

    public static async Task WriteAsync(ResourceCall call, ObjectStore store, Func<StoredObject, long> createdAt)
    {
        var context = call.Context;
        try
        {
            var labels = LabelSelector.Parse(QueryOptions.Text(context, "labelSelector"));
            var fields = FieldSelector.Parse(QueryOptions.Text(context, "fieldSelector"), call.Resource);
            var (objects, revision, _) = store.Snapshot(store.Table(call.Resource));
            StoredObject[] items = [.. objects.In(call.Namespace)
                .Where(item => labels.Matches(item.Labels) && fields.Matches(item))
                .OrderBy(createdAt)];
            await ListAnswer.StreamAsync(call, Representation.Negotiate(context), items, revision, null, null);
        }
        catch (ApiStatusException failure)
        {
            await ApiResponse.WriteFailureAsync(context, failure);
        }
    }
}
