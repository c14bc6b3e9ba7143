using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.Faults;

/// <summary>The state of all objects at one moment, to be shown to readers later.</summary>
public sealed class ApiMoment
{
    private readonly IReadOnlyDictionary<ResourceTable, ObjectSet> _objects;
    private readonly long _revision;

    internal ApiMoment(IReadOnlyDictionary<ResourceTable, ObjectSet> objects, long revision)
    {
        _objects = objects;
        _revision = revision;
    }

    internal ReadState Of(ResourceTable table) => new(_objects.GetValueOrDefault(table, ObjectSet.Empty), _revision);
}
