using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.PortForward;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.ApiServer.Watches;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>Hands a call to a kind to who serves its verb and sub-resource.</summary>
internal sealed class ResourceCalls(
    ObjectStore store,
    ListAnswer lists,
    WatchStream watches,
    WriteCalls writes,
    DeleteCalls deletes,
    ScaleCall scales,
    PodLogCall logs,
    PortForwardCall forwards)
{
    public Task ServeAsync(ResourceCall call, string verb)
    {
        if (call.Path.Subresource is { } subresource)
        {
            return ServeSubresourceAsync(call, verb, subresource);
        }

        if (!call.Resource.IsNamespaced && call.Namespace is not null)
        {
            throw ApiFailure.UnknownPath();
        }

        return (verb, call.Path.Name) switch
        {
            ("watch", _) => watches.WriteAsync(call),
            ("list", _) => lists.WriteAsync(call),
            ("get", _) => GetAsync(call),
            ("create", null) => writes.CreateAsync(call),
            ("update", not null) => writes.UpdateAsync(call),
            ("patch", not null) => writes.PatchAsync(call),
            ("delete", _) => deletes.DeleteAsync(call),
            ("deletecollection", _) => deletes.DeleteCollectionAsync(call),
            _ => throw ApiFailure.MethodNotAllowed(),
        };
    }

    private Task ServeSubresourceAsync(ResourceCall call, string verb, string subresource)
    {
        WriteCalls.RequireNamespace(call);
        var isPod = call.Resource is { Group: "", Plural: "pods" };
        return subresource switch
        {
            "status" when call.Resource.HasStatus => verb switch
            {
                "get" => GetAsync(call),
                "update" => writes.UpdateAsync(call),
                "patch" => writes.PatchAsync(call),
                _ => throw ApiFailure.MethodNotAllowed(),
            },
            "scale" when call.Resource.HasScale => scales.ServeAsync(call),
            "log" when isPod => verb == "get" ? logs.ServeAsync(call) : throw ApiFailure.MethodNotAllowed(),
            "portforward" when isPod => verb is "get" or "create" ? forwards.ServeAsync(call) : throw ApiFailure.MethodNotAllowed(),
            "exec" or "attach" or "proxy" or "eviction" or "binding" or "ephemeralcontainers" or "resize" when isPod => throw Unimplemented(call, subresource),
            "finalize" when call.Resource.Plural == "namespaces" => throw Unimplemented(call, subresource),
            "token" when call.Resource.Plural == "serviceaccounts" => throw Unimplemented(call, subresource),
            _ => throw ApiFailure.UnknownPath(),
        };
    }

    private Task GetAsync(ResourceCall call)
    {
        WriteCalls.RequireNamespace(call);
        var form = Representation.Negotiate(call.Context);
        var asked = QueryOptions.Version(call.Context);
        var (objects, revision) = ReadState.Of(call, store);
        if (asked > revision)
        {
            throw ApiFailure.RevisionTooLarge(asked.Value, revision);
        }

        var found = objects.Find(call.Namespace, call.Name) ?? throw ApiFailure.NotFound(call.Resource, call.Name);
        return ApiResponse.WriteAsync(call.Context, 200, form.Of(found));
    }

    private static ApiStatusException Unimplemented(ResourceCall call, string subresource) =>
        ApiFailure.NotImplemented($"{call.Resource.Plural}/{subresource}");
}
