using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Registry;

namespace Intercept.Embedded.ApiServer.Ownership;

/// <summary>Keeps <c>metadata.managedFields</c> for creations, updates and patches: who wrote which field last.</summary>
internal sealed class FieldOwnership(TimeProvider time)
{
    /// <summary>The creator owns all that was sent and defaulted.</summary>
    public void Created(JsonObject json, RequestScope scope)
    {
        var fields = FieldReader.Read(json, scope.Resource.Schema);
        Strip(fields, scope);
        ManagerEntry.WriteAll(json, [Entry(scope, ManagerEntry.Update, fields)]);
    }

    /// <summary>The writer owns what changed; what others owned of it, and what is gone, is theirs no longer.</summary>
    public void Updated(JsonObject next, JsonObject previous, RequestScope scope)
    {
        var managers = ManagerEntry.ReadAll(next.Object("metadata")?.Array("managedFields") is null ? previous : next);
        var changed = FieldReader.Changed(previous, next, scope.Resource.Schema);
        Strip(changed, scope);
        var present = FieldReader.Read(next, scope.Resource.Schema);
        var gone = FieldReader.Read(previous, scope.Resource.Schema).Subtract(present);
        var mine = Entry(scope, ManagerEntry.Update, changed);
        var result = new List<ManagerEntry>();
        foreach (var manager in managers)
        {
            var own = manager.IsSameManager(mine);
            var fields = manager.Fields.Clone().Subtract(gone);
            if (own)
            {
                mine = mine with { Fields = changed.Add(fields), Time = changed.IsEmpty ? manager.Time : mine.Time };
            }
            else
            {
                result.Add(manager with { Fields = fields.Subtract(changed) });
            }
        }

        result.Add(mine);
        ManagerEntry.WriteAll(next, result);
    }

    public ManagerEntry Entry(RequestScope scope, string operation, FieldSet fields) =>
        new(scope.FieldManager, operation, scope.Resource.ApiVersion, scope.Subresource, ApiJson.Timestamp(time.GetUtcNow()), fields);

    /// <summary>Fields that this kind of write does not change are not owned through it.</summary>
    public static void Strip(FieldSet fields, RequestScope scope)
    {
        if (scope.Subresource == "status")
        {
            fields.Remove("f:spec");
        }
        else if (scope.Resource.HasStatus)
        {
            fields.Remove("f:status");
        }
    }
}
