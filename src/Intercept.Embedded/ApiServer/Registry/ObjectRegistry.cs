using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Ownership;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>
/// Every write goes through here, from HTTP and from inside: decoding, defaulting, admission, validation, conflicts, storing.
/// </summary>
internal sealed class ObjectRegistry(ObjectStore store, NamespaceGate namespaces, FieldOwnership ownership, TimeProvider time)
{
    public ObjectStore Store { get; } = store;

    /// <summary>POST.</summary>
    public StoredObject Create(JsonObject body, RequestScope scope)
    {
        BodyChecks.RequireKindAndNamespace(body, scope);
        if (!string.IsNullOrEmpty(body.Metadata().Text("resourceVersion")))
        {
            throw ApiFailure.BadRequest("resourceVersion should not be set on objects to be created");
        }

        body.Metadata().Remove("managedFields");
        return Create(body, scope, json => ownership.Created(json, scope));
    }

    /// <summary>Creates with an ownership of the caller's choice (server-side apply).</summary>
    public StoredObject Create(JsonObject body, RequestScope scope, Action<JsonObject> own)
    {
        var (resource, strategy) = (scope.Resource, scope.Resource.Strategy);
        BodyChecks.Decode(body, scope);
        ObjectMetadata.Begin(body, scope.Namespace, strategy.CountsGenerations, time);
        var name = body.Name();
        namespaces.RequireOpen(resource, scope.Namespace, name);
        if (resource.HasStatus)
        {
            body.Remove("status");
        }

        strategy.Default(body);
        own(body);
        strategy.PrepareForCreate(body, scope);
        var errors = new List<FieldError>();
        MetadataValidation.Validate(body, strategy, errors);
        strategy.Validate(body, errors);
        Require(errors, resource, name);
        var table = Store.Table(resource);
        if (table.Find(scope.Namespace, name) is not null)
        {
            throw ApiFailure.AlreadyExists(resource, name);
        }

        strategy.Allocate(body, null, errors);
        Require(errors, resource, name);
        var json = ObjectMetadata.Arrange(body, resource.ApiVersion, resource.Kind);
        if (scope.DryRun)
        {
            strategy.Release(json, null);
            return StoredObject.From(json);
        }

        if (Store.TryPut(table, null, json) is not { } created)
        {
            strategy.Release(json, null);
            throw ApiFailure.AlreadyExists(resource, name);
        }

        strategy.AfterCreate(created, scope);
        return created;
    }

    /// <summary>PUT of an object or of its status.</summary>
    public (StoredObject Object, bool Created) Update(string name, JsonObject body, RequestScope scope)
    {
        BodyChecks.RequireKindAndNamespace(body, scope);
        BodyChecks.RequireName(body, name);
        var (resource, strategy) = (scope.Resource, scope.Resource.Strategy);
        var table = Store.Table(resource);
        if (table.Find(scope.Namespace, name) is null)
        {
            if (strategy.AllowsCreateOnUpdate && scope.Subresource is null && body.Metadata().Text("uid") is null)
            {
                body.Metadata().Remove("resourceVersion");
                return (Create(body, scope), true);
            }

            throw ApiFailure.NotFound(resource, name);
        }

        var version = body.Metadata().Text("resourceVersion");
        if (string.IsNullOrEmpty(version) && !strategy.AllowsUnconditionalUpdate)
        {
            // This one failure names the resource where all others name the kind.
            throw ApiFailure.Invalid(resource.Group, resource.Plural, name, [FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update")]);
        }

        var updated = Change(name, scope, (current, _) =>
        {
            BodyChecks.RequireSameUid(body, current, resource, name);
            BodyChecks.RequireSameVersion(body, current, resource, name);
            return (JsonObject)body.DeepClone();
        });
        return (updated, false);
    }

    /// <summary>
    /// Read, change, write, again where someone else wrote in between. What <paramref name="change"/> gives is treated as a new
    /// object from the client; it decides itself what a stale version means.
    /// </summary>
    public StoredObject Change(
        string name,
        RequestScope scope,
        Func<JsonObject, StoredObject, JsonObject> change,
        Action<JsonObject, JsonObject>? own = null)
    {
        var resource = scope.Resource;
        var table = Store.Table(resource);
        while (true)
        {
            var existing = table.Find(scope.Namespace, name) ?? throw ApiFailure.NotFound(resource, name);
            var previous = existing.ToJson();
            var next = change(existing.ToJson(), existing);
            Require(PrepareUpdate(next, previous, scope, own), resource, name);
            var json = ObjectMetadata.Arrange(next, resource.ApiVersion, resource.Kind);
            if (JsonNode.DeepEquals(json, previous))
            {
                resource.Strategy.Release(json, previous);
                return existing;
            }

            if (scope.DryRun)
            {
                resource.Strategy.Release(json, previous);
                return StoredObject.From(json);
            }

            if (Commit(table, existing, json) is { } stored)
            {
                return stored;
            }

            resource.Strategy.Release(json, previous);
        }
    }

    private StoredObject? Commit(ResourceTable table, StoredObject existing, JsonObject json)
    {
        var leaves = existing.IsTerminating
            && json.Metadata().Array("finalizers") is not { Count: > 0 }
            && table.Resource.Strategy.MayBeRemoved(json);
        if (!leaves)
        {
            return Store.TryPut(table, existing, json);
        }

        // The answer to the write that takes the last finalizer away still shows the object with its old version.
        var last = StoredObject.From(json);
        return Store.TryRemove(table, existing, json) is null ? null : last;
    }

    private List<FieldError> PrepareUpdate(JsonObject next, JsonObject previous, RequestScope scope, Action<JsonObject, JsonObject>? own)
    {
        var strategy = scope.Resource.Strategy;
        BodyChecks.Decode(next, scope);
        ObjectMetadata.Keep(next, previous);
        SubresourceRules.KeepOtherHalf(next, previous, scope);
        strategy.PrepareForUpdate(next, previous);
        strategy.Default(next);
        CountGeneration(next, previous, strategy);
        if (own is not null)
        {
            own(next, previous);
        }
        else if (!SameContent(next, previous) || next.Metadata().Array("managedFields") is not null)
        {
            ownership.Updated(next, previous, scope);
        }

        if (SameContent(next, previous) && own is null && ManagersAreSame(next, previous))
        {
            next.Metadata()["managedFields"] = previous.Metadata()["managedFields"]?.DeepClone();
        }

        var errors = new List<FieldError>();
        MetadataValidation.Validate(next, strategy, errors);
        MetadataValidation.ValidateUpdate(next, previous, errors);
        strategy.Validate(next, errors);
        if (errors.Count == 0)
        {
            strategy.ValidateUpdate(next, previous, errors);
        }

        if (errors.Count == 0)
        {
            strategy.Allocate(next, previous, errors);
        }

        return errors;
    }

    private static void CountGeneration(JsonObject next, JsonObject previous, ResourceStrategy strategy)
    {
        if (strategy.CountsGenerations && !SameDesire(next, previous))
        {
            next.Metadata()["generation"] = (previous.Metadata().Number("generation") ?? 0) + 1;
        }
    }

    private static bool SameDesire(JsonObject next, JsonObject previous) =>
        Keys(next, previous).All(key => key is "metadata" or "status" or "kind" or "apiVersion" || JsonNode.DeepEquals(next[key], previous[key]));

    private static bool SameContent(JsonObject next, JsonObject previous) =>
        Keys(next, previous).All(key => key is "metadata" or "kind" or "apiVersion" || JsonNode.DeepEquals(next[key], previous[key]))
        && SameMetadata(next.Metadata(), previous.Metadata());

    private static bool SameMetadata(JsonObject next, JsonObject previous) => Keys(next, previous).All(key =>
        key == "managedFields"
        || JsonNode.DeepEquals(next[key], previous[key])
        || (next[key] is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } && previous[key] is null));

    private static bool ManagersAreSame(JsonObject next, JsonObject previous)
    {
        var (left, right) = (ManagerEntry.ReadAll(next), ManagerEntry.ReadAll(previous));
        return next.Metadata().Array("managedFields") is null
            || (left.Count == right.Count && left.Zip(right).All(pair =>
                pair.First.IsSameManager(pair.Second) && JsonNode.DeepEquals(pair.First.Fields.ToJson(), pair.Second.Fields.ToJson())));
    }

    private static IEnumerable<string> Keys(JsonObject next, JsonObject previous) =>
        next.Select(pair => pair.Key).Union(previous.Select(pair => pair.Key));

    private static void Require(List<FieldError> errors, ResourceDefinition resource, string name)
    {
        if (errors.Count > 0)
        {
            throw ApiFailure.Invalid(resource, name, errors);
        }
    }
}
