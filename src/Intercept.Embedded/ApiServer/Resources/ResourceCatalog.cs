using System.Collections.Immutable;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>The kinds that are served at this moment.</summary>
internal sealed class ResourceCatalog
{
    private ImmutableList<ResourceDefinition> _resources = [];
    private ImmutableDictionary<(string Group, string Version, string Plural), ResourceDefinition> _byPath =
        ImmutableDictionary<(string, string, string), ResourceDefinition>.Empty;

    public IReadOnlyList<ResourceDefinition> All => _resources;

    public ResourceDefinition? Find(string group, string version, string plural) =>
        _byPath.GetValueOrDefault((group, version, plural));

    public ResourceDefinition Get(string group, string plural) =>
        _resources.First(resource => resource.Group == group && resource.Plural == plural);

    public ResourceDefinition? FindKind(string group, string version, string kind) =>
        _resources.Find(resource => resource.Group == group && resource.Version == version && resource.Kind == kind);

    public bool HasVersion(string group, string version) =>
        _resources.Exists(resource => resource.Group == group && resource.Version == version);

    public bool HasGroup(string group) => _resources.Exists(resource => resource.Group == group);

    public void Add(ResourceDefinition resource)
    {
        ImmutableInterlocked.Update(ref _byPath, all => all.SetItem((resource.Group, resource.Version, resource.Plural), resource));
        ImmutableInterlocked.Update(
            ref _resources,
            all => all.RemoveAll(other => IsSame(other, resource)).Add(resource));
    }

    public void Remove(string group, string plural)
    {
        ImmutableInterlocked.Update(ref _byPath, all => all.RemoveRange(all.Keys.Where(key => key.Group == group && key.Plural == plural)));
        ImmutableInterlocked.Update(ref _resources, all => all.RemoveAll(other => other.Group == group && other.Plural == plural));
    }

    private static bool IsSame(ResourceDefinition left, ResourceDefinition right) =>
        left.Group == right.Group && left.Version == right.Version && left.Plural == right.Plural;
}
