using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Namespaces;

/// <summary>Namespaces: they leave only when what is in them has left, and come with a ServiceAccount and the root certificate.</summary>
internal sealed class NamespaceStrategy(Action<string> furnish) : BuiltInStrategy(returnsDeleted: true)
{
    public const string Finalizer = "kubernetes";

    private static readonly HashSet<string> Undeletable = new(StringComparer.Ordinal) { "default", "kube-system", "kube-public" };

    public override NameRule NameRule => NameRule.Label;

    public override void Default(JsonObject json) =>
        json.Metadata().Ensure("labels")["kubernetes.io/metadata.name"] = json.Name();

    public override void PrepareForCreate(JsonObject json, RequestScope scope)
    {
        json["spec"] = new JsonObject { ["finalizers"] = new JsonArray(Finalizer) };
        json["status"] = new JsonObject { ["phase"] = "Active" };
    }

    public override void PrepareForUpdate(JsonObject next, JsonObject previous)
    {
        if (previous["spec"] is { } spec)
        {
            next["spec"] = spec.DeepClone();
        }
    }

    public override void AfterCreate(StoredObject created, RequestScope scope) => furnish(created.Name);

    public override JsonObject? BeginDelete(StoredObject existing, DeleteRequest request, TimeProvider time)
    {
        var json = existing.ToJson();
        if (Undeletable.Contains(existing.Name))
        {
            throw new ApiStatusException(
                403,
                "Forbidden",
                $"namespaces \"{existing.Name}\" is forbidden: this namespace may not be deleted",
                new JsonObject { ["name"] = existing.Name, ["kind"] = "namespaces" });
        }

        if (!existing.IsTerminating)
        {
            json.Metadata()["deletionTimestamp"] = ApiJson.Timestamp(time.GetUtcNow());
            json.Ensure("status")["phase"] = "Terminating";
        }

        return json;
    }

    public override bool MayBeRemoved(JsonObject terminating) => terminating.Object("spec")?.Array("finalizers") is not { Count: > 0 };

    public override Func<JsonObject, string>? SelectableField(string path) =>
        path == "status.phase" ? json => json.Object("status")?.Text("phase") ?? "" : null;
}
