using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Patches;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>POST, PUT and PATCH.</summary>
internal sealed class WriteCalls(ObjectRegistry registry, PatchEngine patches)
{
    public async Task CreateAsync(ResourceCall call)
    {
        RequireNamespace(call);
        var scope = Scope(call, "CreateOptions");
        Representation.Negotiate(call.Context);
        var body = await RequestBody.ReadObjectAsync(call.Context, call.Resource.Kind);
        await AnswerAsync(call, scope, 201, registry.Create(body, scope));
    }

    public async Task UpdateAsync(ResourceCall call)
    {
        RequireNamespace(call);
        var scope = Scope(call, "UpdateOptions");
        Representation.Negotiate(call.Context);
        var body = await RequestBody.ReadObjectAsync(call.Context, call.Resource.Kind);
        var (updated, created) = registry.Update(call.Name, body, scope);
        await AnswerAsync(call, scope, created ? 201 : 200, updated);
    }

    public async Task PatchAsync(ResourceCall call)
    {
        RequireNamespace(call);
        var scope = Scope(call, "PatchOptions");
        Representation.Negotiate(call.Context);
        var patch = PatchBody.Parse(RequestBody.MediaType(call.Context), await RequestBody.ReadAsync(call.Context), call.Resource);
        patch.CheckOptions(call.Context, scope);
        var (patched, created) = patches.Apply(call.Name, patch, scope);
        await AnswerAsync(call, scope, created ? 201 : 200, patched);
    }

    public static RequestScope Scope(ResourceCall call, string optionsKind) => new(call.Resource, call.Namespace, QueryOptions.FieldManager(call.Context))
    {
        DryRun = QueryOptions.DryRun(call.Context, optionsKind),
        FieldValidation = QueryOptions.FieldValidation(call.Context, optionsKind),
        Subresource = call.Path.Subresource,
        Force = QueryOptions.Flag(call.Context, "force"),
    };

    /// <summary>A namespaced kind is written within a namespace, never over all.</summary>
    public static void RequireNamespace(ResourceCall call)
    {
        if (call.Resource.IsNamespaced != call.Namespace is not null)
        {
            throw call.Resource.IsNamespaced && call.Path.Name is null ? ApiFailure.MethodNotAllowed() : ApiFailure.UnknownPath();
        }
    }

    private static Task AnswerAsync(ResourceCall call, RequestScope scope, int status, StoredObject result)
    {
        ApiResponse.AddWarnings(call.Context, scope.Warnings);
        return ApiResponse.WriteAsync(call.Context, status, Representation.Negotiate(call.Context).Of(result));
    }
}
