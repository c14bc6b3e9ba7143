using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Patches;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>The <c>scale</c> sub-resource: the replicas of a workload as a small object of their own.</summary>
internal sealed class ScaleCall(ObjectStore store, ObjectRegistry registry)
{
    public async Task ServeAsync(ResourceCall call)
    {
        var workload = store.Table(call.Resource).Find(call.Namespace, call.Name) ?? throw ApiFailure.NotFound(call.Resource, call.Name);
        if (HttpMethods.IsGet(call.Method))
        {
            await ApiResponse.WriteJsonAsync(call.Context, 200, ToScale(workload.ToJson()));
            return;
        }

        if (!HttpMethods.IsPut(call.Method) && !HttpMethods.IsPatch(call.Method))
        {
            throw ApiFailure.MethodNotAllowed();
        }

        var scope = WriteCalls.Scope(call, "UpdateOptions");
        var change = await ReadChangeAsync(call);
        var changed = registry.Change(call.Name, scope, (current, _) =>
        {
            var scale = change(ToScale(current));
            BodyChecks.RequireSameVersion(scale, current, call.Resource, call.Name);
            var replicas = scale.Object("spec")?.Number("replicas") ?? 0;
            if (replicas < 0)
            {
                throw ApiFailure.Invalid("autoscaling", "Scale", call.Name, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
            }

            current.Ensure("spec")["replicas"] = replicas;
            return current;
        });
        await ApiResponse.WriteJsonAsync(call.Context, 200, ToScale(changed.ToJson()));
    }

    private static async Task<Func<JsonObject, JsonObject>> ReadChangeAsync(ResourceCall call)
    {
        if (HttpMethods.IsPut(call.Method))
        {
            var body = await RequestBody.ReadObjectAsync(call.Context, "Scale");
            BodyChecks.RequireName(body, call.Name);
            return _ => body;
        }

        var patch = PatchBody.Parse(RequestBody.MediaType(call.Context), await RequestBody.ReadAsync(call.Context), call.Resource);
        return patch.Kind switch
        {
            PatchKind.Json => scale => JsonPatch.Apply(scale, patch.Content),
            PatchKind.Apply => throw ApiFailure.NotImplemented("server-side apply of the scale sub-resource"),
            _ => scale => MergePatch.Apply(scale, (JsonObject)patch.Content!),
        };
    }

    private static JsonObject ToScale(JsonObject workload)
    {
        var metadata = workload.Metadata();
        var selector = workload.Object("spec")?.Object("selector") ?? [];
        var status = new JsonObject { ["replicas"] = workload.Object("status")?.Number("replicas") ?? 0 };
        if (selector.Object("matchLabels") is { Count: > 0 } labels)
        {
            status["selector"] = string.Join(",", labels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.AsText()}"));
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = metadata.Text("name"),
                ["namespace"] = metadata.Text("namespace"),
                ["uid"] = metadata.Text("uid"),
                ["resourceVersion"] = metadata.Text("resourceVersion"),
                ["creationTimestamp"] = metadata.Text("creationTimestamp"),
            },
            ["spec"] = new JsonObject { ["replicas"] = workload.Object("spec")?.Number("replicas") ?? 0 },
            ["status"] = status,
        };
    }
}
