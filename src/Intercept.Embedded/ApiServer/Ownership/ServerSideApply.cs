using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Ownership;

/// <summary>
/// Server-side apply: the fields that are sent become the manager's; another manager's field with another value is a conflict;
/// what the manager applied before and no longer sends goes, unless someone else owns it too.
/// </summary>
internal sealed class ServerSideApply(ObjectRegistry registry, FieldOwnership ownership)
{
    /// <exception cref="ApiStatusException">409 with a cause for each conflict.</exception>
    public (StoredObject Object, bool Created) Apply(string name, JsonObject sent, RequestScope scope)
    {
        Check(sent, name, scope);
        var table = registry.Store.Table(scope.Resource);
        if (table.Find(scope.Namespace, name) is null)
        {
            if (scope.Subresource is not null || !string.IsNullOrEmpty(sent.Metadata().Text("uid")))
            {
                throw ApiFailure.NotFound(scope.Resource, name);
            }

            var created = (JsonObject)sent.DeepClone();
            created.Metadata().Remove("resourceVersion");
            return (registry.Create(created, scope, json => OwnAtCreation(json, sent, scope)), true);
        }

        var applied = registry.Change(
            name,
            scope,
            (current, _) =>
            {
                BodyChecks.RequireSameVersion(sent, current, scope.Resource, name);
                BodyChecks.RequireSameUid(sent, current, scope.Resource, name);
                return Merge(current, sent, scope);
            },
            (next, previous) => Own(next, previous, sent, scope));
        return (applied, false);
    }

    private static void Check(JsonObject sent, string name, RequestScope scope)
    {
        if (sent.Text("apiVersion") is not { Length: > 0 } version || sent.Text("kind") is not { Length: > 0 } kind)
        {
            throw ApiFailure.BadRequest($"invalid object type: /{sent.Text("apiVersion")}, Kind={sent.Text("kind")}");
        }

        if (kind != scope.Resource.Kind || version != scope.Resource.ApiVersion)
        {
            throw ApiFailure.BadRequest($"invalid object type: {version}, Kind={kind}");
        }

        BodyChecks.RequireName(sent, name);
        if (sent.Metadata().Array("managedFields") is { Count: > 0 })
        {
            throw ApiFailure.BadRequest("metadata.managedFields must be nil");
        }
    }

    private JsonObject Merge(JsonObject current, JsonObject sent, RequestScope scope)
    {
        var managers = ManagerEntry.ReadAll(current);
        var mine = Applied(sent, scope);
        var conflicts = Conflicts(current, sent, managers, mine, scope);
        if (conflicts.Count > 0 && !scope.Force)
        {
            throw ConflictFailure(conflicts);
        }

        var merged = ApplyMerge.Merge((JsonObject)current.DeepClone(), sent, scope.Resource.Schema);
        var before = managers.Find(entry => entry.IsSameManager(mine));
        if (before is not null)
        {
            var dropped = before.Fields.Clone().Subtract(mine.Fields);
            foreach (var other in managers.Where(entry => !entry.IsSameManager(mine)))
            {
                dropped.Subtract(other.Fields);
            }

            ApplyMerge.Remove(merged, dropped, scope.Resource.Schema);
        }

        merged["metadata"]!.AsObject()["resourceVersion"] = current.Metadata().Text("resourceVersion");
        return merged;
    }

    private static List<(ManagerEntry Manager, string Path)> Conflicts(
        JsonObject current, JsonObject sent, List<ManagerEntry> managers, ManagerEntry mine, RequestScope scope)
    {
        var merged = ApplyMerge.Merge((JsonObject)current.DeepClone(), sent, scope.Resource.Schema);
        var changed = FieldReader.Changed(current, merged, scope.Resource.Schema).Intersect(mine.Fields);
        return [.. managers
            .Where(entry => !entry.IsSameManager(mine))
            .SelectMany(entry => entry.Fields.Intersect(changed).Paths().Select(path => (entry, path)))];
    }

    private static ApiStatusException ConflictFailure(List<(ManagerEntry Manager, string Path)> conflicts)
    {
        static string With(ManagerEntry manager)
        {
            var text = $"conflict with \"{manager.Manager}\"";
            if (manager.Subresource is not null)
            {
                text += $" with subresource \"{manager.Subresource}\"";
            }

            return manager.Operation == ManagerEntry.Apply ? text : $"{text} using {manager.ApiVersion}";
        }

        var causes = conflicts.Select(conflict => new FieldError("FieldManagerConflict", conflict.Path, With(conflict.Manager)).ToCause());
        var text = conflicts.Count == 1
            ? $"Apply failed with 1 conflict: {With(conflicts[0].Manager)}: {conflicts[0].Path}"
            : $"Apply failed with {conflicts.Count} conflicts: " + string.Join("\n", conflicts
                .GroupBy(conflict => With(conflict.Manager))
                .Select(group => $"conflicts {group.Key["conflict ".Length..]}:\n{string.Join("\n", group.Select(conflict => $"- {conflict.Path}"))}"));
        return new ApiStatusException(409, "Conflict", text, new JsonObject { ["causes"] = new JsonArray([.. causes]) });
    }

    private ManagerEntry Applied(JsonObject sent, RequestScope scope)
    {
        // What is left out when an object is stored (null, empty) can't be owned either.
        var decoded = (JsonObject)sent.DeepClone();
        scope.Resource.Strategy.Decode(decoded, scope.Resource);
        var fields = FieldReader.Read(decoded, scope.Resource.Schema);
        FieldOwnership.Strip(fields, scope);
        return ownership.Entry(scope, ManagerEntry.Apply, fields);
    }

    private void OwnAtCreation(JsonObject json, JsonObject sent, RequestScope scope) => ManagerEntry.WriteAll(json, [Applied(sent, scope)]);

    private void Own(JsonObject next, JsonObject previous, JsonObject sent, RequestScope scope)
    {
        var mine = Applied(sent, scope);
        var present = FieldReader.Read(next, scope.Resource.Schema);
        var changed = FieldReader.Changed(previous, next, scope.Resource.Schema);
        var gone = FieldReader.Read(previous, scope.Resource.Schema).Subtract(present);
        var result = new List<ManagerEntry>();
        foreach (var manager in ManagerEntry.ReadAll(previous))
        {
            if (!manager.IsSameManager(mine))
            {
                result.Add(manager with { Fields = manager.Fields.Clone().Subtract(changed).Subtract(gone) });
            }
            else if (JsonNode.DeepEquals(manager.Fields.ToJson(), mine.Fields.ToJson()) && changed.IsEmpty && gone.IsEmpty)
            {
                mine = manager;
            }
        }

        result.Add(mine);
        ManagerEntry.WriteAll(next, result);
    }
}
