using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>DELETE: at once, in grace, or marked and left to finalizers.</summary>
internal sealed class ObjectDeletion(ObjectStore store, TimeProvider time)
{
    public const string ForegroundFinalizer = "foregroundDeletion";

    public const string OrphanFinalizer = "orphan";

    /// <exception cref="ApiStatusException">404, or 409 where a precondition does not hold.</exception>
    public DeleteOutcome Delete(ResourceDefinition resource, string? namespaceName, string name, DeleteRequest request)
    {
        var table = store.Table(resource);
        while (true)
        {
            var existing = table.Find(namespaceName, name) ?? throw ApiFailure.NotFound(resource, name);
            BodyChecks.RequirePreconditions(existing, resource, request);
            if (TryDelete(table, existing, request) is { } outcome)
            {
                return outcome;
            }
        }
    }

    /// <summary>Deletes in the background what is there under that very uid; true when it is gone.</summary>
    public bool DeleteIfThere(ResourceDefinition resource, StoredObject item, string? propagation = null)
    {
        try
        {
            return Delete(resource, item.Namespace, item.Name, new DeleteRequest { Uid = item.Uid, Propagation = propagation }).IsGone;
        }
        catch (ApiStatusException gone) when (gone.Code is 404 or 409)
        {
            // It went by itself, or another stands under its name by now.
            return true;
        }
    }

    private DeleteOutcome? TryDelete(ResourceTable table, StoredObject existing, DeleteRequest request)
    {
        if (table.Resource.Strategy.BeginDelete(existing, request, time) is { } graceful)
        {
            var own = graceful.Metadata().Array("finalizers")?.Select(name => name.AsText() ?? "") ?? [];
            SetFinalizers(graceful, WithPropagation(own, request.Propagation));
            return Mark(table, existing, graceful, request);
        }

        var finalizers = WithPropagation(existing.Finalizers, request.Propagation);

        if (finalizers.Count > 0)
        {
            var marked = existing.ToJson();
            SetFinalizers(marked, finalizers);
            if (!existing.IsTerminating)
            {
                MarkTerminating(marked, time.GetUtcNow(), 0);
            }

            return Mark(table, existing, marked, request);
        }

        var last = existing.ToJson();
        if (request.DryRun)
        {
            return new(existing, true);
        }

        return store.TryRemove(table, existing, last) is { } removed ? new(removed, true) : null;
    }

    public static void MarkTerminating(JsonObject json, DateTimeOffset when, long graceSeconds)
    {
        var metadata = json.Metadata();
        metadata["deletionTimestamp"] = ApiJson.Timestamp(when.AddSeconds(graceSeconds));
        metadata["deletionGracePeriodSeconds"] = graceSeconds;
        if (metadata.Number("generation") is { } generation)
        {
            metadata["generation"] = generation + 1;
        }
    }

    private DeleteOutcome? Mark(ResourceTable table, StoredObject existing, JsonObject marked, DeleteRequest request)
    {
        var json = ObjectMetadata.Arrange(marked, table.Resource.ApiVersion, table.Resource.Kind);
        if (JsonNode.DeepEquals(json, existing.ToJson()))
        {
            return new(existing, false);
        }

        if (request.DryRun)
        {
            return new(StoredObject.From(json), false);
        }

        return store.TryPut(table, existing, json) is { } stored ? new(stored, false) : null;
    }

    private static List<string> WithPropagation(IEnumerable<string> current, string? propagation)
    {
        var finalizers = current.ToList();
        if (propagation is null)
        {
            return finalizers;
        }

        finalizers.RemoveAll(name => name is ForegroundFinalizer or OrphanFinalizer);
        if (propagation == "Foreground")
        {
            finalizers.Add(ForegroundFinalizer);
        }
        else if (propagation == "Orphan")
        {
            finalizers.Add(OrphanFinalizer);
        }

        return finalizers;
    }

    private static void SetFinalizers(JsonObject json, List<string> finalizers) =>
        json.Metadata()["finalizers"] = new JsonArray([.. finalizers.Select(name => JsonValue.Create(name))]);
}
