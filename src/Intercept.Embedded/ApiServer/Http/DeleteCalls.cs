using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Selectors;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>DELETE of one object or of a selection.</summary>
internal sealed class DeleteCalls(ObjectStore store, ObjectDeletion deletion)
{
    public async Task DeleteAsync(ResourceCall call)
    {
        WriteCalls.RequireNamespace(call);
        var request = await DeleteOptions.ReadAsync(call.Context);
        var outcome = deletion.Delete(call.Resource, call.Namespace, call.Name, request);
        if (!outcome.IsGone || call.Resource.Strategy.ReturnsDeletedObject)
        {
            await ApiResponse.WriteAsync(call.Context, 200, outcome.Object.Utf8);
            return;
        }

        var details = ApiFailure.Details(call.Resource, call.Name);
        details["uid"] = outcome.Object.Uid;
        await ApiResponse.WriteJsonAsync(call.Context, 200, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }

    public async Task DeleteCollectionAsync(ResourceCall call)
    {
        if (!call.Resource.Verbs.Contains("deletecollection") || (call.Resource.IsNamespaced && call.Namespace is null) || call.Resource.Plural is "services" or "namespaces")
        {
            throw ApiFailure.MethodNotAllowed();
        }

        var labels = LabelSelector.Parse(QueryOptions.Text(call.Context, "labelSelector"));
        var fields = FieldSelector.Parse(QueryOptions.Text(call.Context, "fieldSelector"), call.Resource);
        var request = await DeleteOptions.ReadAsync(call.Context);
        var deleted = new List<StoredObject>();
        foreach (var item in store.Table(call.Resource).Objects.In(call.Namespace))
        {
            if (!labels.Matches(item.Labels) || !fields.Matches(item))
            {
                continue;
            }

            try
            {
                deleted.Add(deletion.Delete(call.Resource, item.Namespace, item.Name, request with { Uid = item.Uid }).Object);
            }
            catch (ApiStatusException gone) when (gone.Code is 404 or 409)
            {
                // Someone else was faster; what is there under the name now is not what was selected.
            }
        }

        await ListAnswer.StreamAsync(call, Representation.Negotiate(call.Context), deleted, store.Revision, null, null);
    }
}
