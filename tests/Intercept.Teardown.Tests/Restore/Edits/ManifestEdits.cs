using System.Collections.Immutable;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore.Edits;

/// <summary>The owner changes the file and brings it to the cluster.</summary>
/// <param name="Changes">Changes of the file; none for a file that is brought again unchanged.</param>
internal abstract record ManifestEdit(ImmutableList<Edit> Changes) : Edit
{
    public sealed override OwnedService Apply(OwnedService service)
    {
        var file = Changes.Aggregate(OwnedService.From(service.Manifest), (changed, change) => change.Apply(changed));
        var manifest = new Manifest(file.Selector, file.Ports);
        return Bring(service with { Manifest = manifest }) with { LastApplied = manifest };
    }

    /// <summary>What the cluster makes of the file.</summary>
    protected abstract OwnedService Bring(OwnedService service);

    public sealed override string ToString() => $"{GetType().Name}[{string.Join("; ", Changes)}]";
}

/// <summary>
/// <c>kubectl apply</c>: a three-way merge of the file, the file as last applied, and the live object; selectors key by key, ports
/// by their number.
/// </summary>
internal sealed record ClientSideApply(ImmutableList<Edit> Changes) : ManifestEdit(Changes)
{
    protected override OwnedService Bring(OwnedService service) => service with
    {
        Selector = service.Selector
            .RemoveRange(service.LastApplied.Selector.Keys.Except(service.Manifest.Selector.Keys))
            .SetItems(service.Manifest.Selector),
        Ports = PortMerge.Of(service, (one, other) => one.Port == other.Port),
    };
}

/// <summary><c>kubectl apply --server-side --force-conflicts</c>: the selector is one value, ports go by number and protocol.</summary>
internal sealed record ServerSideApply(ImmutableList<Edit> Changes) : ManifestEdit(Changes)
{
    protected override OwnedService Bring(OwnedService service) => service with
    {
        Selector = service.Manifest.Selector,
        Ports = PortMerge.Of(service, (one, other) => one.IsFor(other)),
    };
}

/// <summary><c>kubectl replace</c>: the object is what the file says, and the annotations and labels that are not in it are gone.</summary>
internal sealed record ReplaceObject(ImmutableList<Edit> Changes) : ManifestEdit(Changes)
{
    protected override OwnedService Bring(OwnedService service) => OwnedService.From(service.Manifest);
}

/// <summary>Ports that the file no longer has go, those that it has are as it says, others stay.</summary>
internal static class PortMerge
{
    public static ImmutableList<PortTarget> Of(OwnedService service, Func<PortTarget, PortTarget, bool> isSame)
    {
        var (file, before) = (service.Manifest.Ports, service.LastApplied.Ports);
        var merged = service.Ports
            .Where(port => file.Exists(own => isSame(own, port)) || !before.Exists(old => isSame(old, port)))
            .Select(port => file.Find(own => isSame(own, port)) is { } own ? port with { TargetPort = own.TargetPort } : port)
            .ToImmutableList();
        return merged.AddRange(file.Where(own => !merged.Exists(port => isSame(own, port))));
    }
}
