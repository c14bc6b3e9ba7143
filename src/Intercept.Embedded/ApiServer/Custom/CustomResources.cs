using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Embedded.ApiServer.Storage;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.ApiServer.Custom;

/// <summary>Serves the kinds that CustomResourceDefinitions define, from their creation to the end of their last object.</summary>
internal sealed class CustomResources(ObjectStore store, ResourceCatalog catalog, ModelSchemas schemas, ObjectDeletion deletion, TimeProvider time)
{
    /// <summary>A definition was created: accepts its names, establishes it and serves its kind, before the creator has its answer.</summary>
    public void Establish(StoredObject created)
    {
        var table = store.Table(catalog.Get("apiextensions.k8s.io", "customresourcedefinitions"));
        Serve(created.ToJson());
        var json = created.ToJson();
        var status = json.Ensure("status");
        status["acceptedNames"] = json.Object("spec")!.Object("names")!.DeepClone();
        var conditions = new JsonArray();
        status["conditions"] = conditions;
        conditions.Add((JsonNode)Condition("NamesAccepted", "NoConflicts", "no conflicts found"));
        conditions.Add((JsonNode)Condition("Established", "InitialNamesAccepted", "the initial names have been accepted"));
        store.TryPut(table, created, ObjectMetadata.Arrange(json, table.Resource.ApiVersion, table.Resource.Kind));
    }

    /// <summary>Follows the definitions: an updated one is served anew, one that is deleted takes its objects along.</summary>
    public void Follow(StoreEvent change)
    {
        if (change.Table.Resource.Plural != "customresourcedefinitions" || change.Previous is null)
        {
            return;
        }

        var definition = change.Object.ToJson();
        if (change.Type == WatchEventType.Deleted)
        {
            StopServing(definition);
        }
        else if (!change.Object.IsTerminating)
        {
            Serve(definition);
        }
    }

    /// <summary>Deletes the objects of a terminating definition; true once none is left and it may go.</summary>
    public bool Clear(StoredObject definition)
    {
        var spec = definition.ToJson().Ensure("spec");
        var group = spec.Text("group") ?? "";
        var plural = spec.Object("names")?.Text("plural") ?? "";
        foreach (var resource in catalog.All.Where(resource => resource.Group == group && resource.Plural == plural).ToList())
        {
            foreach (var item in store.Table(resource).Objects.In(null))
            {
                deletion.DeleteIfThere(resource, item);
            }

            if (store.Table(resource).Objects.In(null).Any())
            {
                return false;
            }
        }

        return true;
    }

    public void StopServing(JsonObject definition)
    {
        var spec = definition.Ensure("spec");
        var (group, plural) = (spec.Text("group") ?? "", spec.Object("names")?.Text("plural") ?? "");
        if (catalog.All.FirstOrDefault(resource => resource.Group == group && resource.Plural == plural) is { } served)
        {
            catalog.Remove(group, plural);
            store.Forget(served);
        }
    }

    private void Serve(JsonObject definition)
    {
        var spec = definition.Ensure("spec");
        var names = spec.Ensure("names");
        foreach (var version in spec.Objects("versions").Where(version => version.Flag("served") == true))
        {
            var schema = (JsonObject?)version.Object("schema")?.Object("openAPIV3Schema")?.DeepClone();
            var selectable = version.Objects("selectableFields").Select(field => (field.Text("jsonPath") ?? "").TrimStart('.')).ToHashSet(StringComparer.Ordinal);
            catalog.Add(new ResourceDefinition
            {
                Group = spec.Text("group") ?? "",
                Version = version.Text("name") ?? "",
                Plural = names.Text("plural") ?? "",
                Singular = names.Text("singular") ?? "",
                Kind = names.Text("kind") ?? "",
                ListKind = names.Text("listKind") ?? $"{names.Text("kind")}List",
                ShortNames = [.. names.Array("shortNames")?.Select(name => name.AsText()!) ?? []],
                Categories = [.. names.Array("categories")?.Select(name => name.AsText()!) ?? []],
                IsNamespaced = spec.Text("scope") == "Namespaced",
                HasStatus = version.Object("subresources")?.ContainsKey("status") == true,
                IsCustom = true,
                Schema = StructuralSchema.ForObject(schema, schemas.Of(typeof(V1ObjectMeta))),
                Strategy = new CustomResourceStrategy(schema, selectable),
            });
        }
    }

    private JsonObject Condition(string type, string reason, string message) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = ApiJson.Timestamp(time.GetUtcNow()),
        ["reason"] = reason,
        ["message"] = message,
    };
}
