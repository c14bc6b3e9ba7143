using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Resources;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Access;

/// <summary>The roles and bindings as they are stored at this moment.</summary>
internal sealed class RoleTables(ObjectStore store, ResourceCatalog catalog)
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>The bindings that hold in a namespace: those of the whole cluster, and its own.</summary>
    public IEnumerable<JsonObject> Bindings(string? namespaceName)
    {
        var own = namespaceName is null ? [] : Table("rolebindings").Objects.In(namespaceName);
        return Table("clusterrolebindings").Objects.In(null).Concat(own).Select(binding => binding.ToJson());
    }

    /// <summary>The rules that a binding refers to; null where there is no such role.</summary>
    public IReadOnlyList<JsonObject>? RulesOf(JsonObject binding)
    {
        var reference = binding.Object("roleRef") ?? [];
        var name = reference.Text("name") ?? "";
        var role = reference.Text("kind") == "ClusterRole"
            ? Table("clusterroles").Find(null, name)
            : Table("roles").Find(binding.Metadata().Text("namespace"), name);
        return role is null ? null : [.. role.ToJson().Objects("rules")];
    }

    private ResourceTable Table(string plural) => store.Table(catalog.Get(Group, plural));
}
