using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Inventory;

/// <summary>Makes the report on what of ours is in the cluster.</summary>
/// <param name="api">The cluster.</param>
/// <param name="time">For ages.</param>
/// <param name="intercepted">Services that were intercepted here, with their routing from before.</param>
internal sealed class ResidueReader(IClusterApi api, TimeProvider time, IReadOnlyDictionary<ServiceReference, ServiceRouting> intercepted)
{
    /// <summary>Looks into namespaces, or into all of them where the list is empty.</summary>
    /// <param name="namespaces">The namespaces.</param>
    /// <param name="mine">Whether only what this user on this machine, or this CI run, has left is of interest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiException">The cluster can't be read, or not there.</exception>
    public async Task<ResidueReport> ReadAsync(IReadOnlyList<string> namespaces, bool mine, CancellationToken cancellationToken)
    {
        var reports = new List<ResidueReport>();
        foreach (var namespaceName in namespaces.Cast<string?>().DefaultIfEmpty(null))
        {
            var inventory = await ClusterInventory.ReadAsync(api, namespaceName, [.. intercepted.Keys], cancellationToken);
            reports.Add(Report(inventory, mine));
        }

        return new ResidueReport
        {
            Items = [.. reports.SelectMany(report => report.Items)],
            Services = [.. reports.SelectMany(report => report.Services)],
            Undo = [.. reports.SelectMany(report => report.Undo)],
            NotListed = [.. reports.SelectMany(report => report.NotListed)],
            Namespaces = namespaces,
        };
    }

    private ResidueReport Report(ClusterInventory inventory, bool mine)
    {
        var owners = new Owners(inventory, time);
        var items = inventory.Objects.Select(item => ToItem(item, owners.Of(item))).Where(item => !mine || item.Owners.Any(owner => owner.IsMine));
        var services = inventory.Services.Select(service => ToTouched(service, inventory, owners)).Where(service => !mine || IsMine(service));
        var undo = ServicesOf(inventory).SelectMany(service => UndoScript.Create(
            inventory, service, participant => owners.Of(participant) is { IsOwn: false } owner && (!mine || owner.IsMine)));
        return new ResidueReport { Items = [.. items], Services = [.. services], Undo = [.. undo], NotListed = inventory.NotListed };
    }

    /// <summary>Those that are there, and those that are gone but have something left here.</summary>
    private static IEnumerable<ServiceReference> ServicesOf(ClusterInventory inventory)
    {
        var there = inventory.Services.Select(service => (service.Metadata.NamespaceProperty, service.Metadata.Name));
        var named = inventory.Objects
            .Where(item => item.ServiceLabel is not null)
            .Select(item => (item.Metadata.NamespaceProperty, item.ServiceLabel!));
        foreach (var (namespaceName, name) in there.Concat(named).Distinct())
        {
            ServiceReference reference;
            try
            {
                reference = ServiceReference.Parse($"{namespaceName}/{name}");
            }
            catch (FormatException)
            {
                // A label that anybody wrote; it names no Service.
                continue;
            }

            yield return reference;
        }
    }

    private static bool IsMine(TouchedService service) => service.Participants.Any(participant => participant.IsMine);

    private ResidueItem ToItem(OwnedObject item, IReadOnlyList<ResidueOwner> owners) => new()
    {
        Kind = item.Kind,
        Namespace = item.Metadata.NamespaceProperty,
        Name = item.Metadata.Name,
        Service = item.ServiceLabel,
        Owners = owners,
        Age = item.Metadata.CreationTimestamp is { } created ? Max(time.GetUtcNow() - created, TimeSpan.Zero) : TimeSpan.Zero,
        IsLeaving = item.IsLeaving,
    };

    private TouchedService ToTouched(V1Service service, ClusterInventory inventory, Owners owners)
    {
        var live = service.ToLive();
        var reference = ServiceReference.Parse($"{service.Metadata.NamespaceProperty}/{service.Metadata.Name}");
        var record = KnownRecord.Of(live, inventory.For(reference).Journal.Sessions);
        var routing = record is null ? live.Routing : ThreeWayRestore.Routing(live.Routing, record);
        var original = record?.Original ?? intercepted.GetValueOrDefault(reference);
        return new TouchedService
        {
            Service = reference,
            IsHijacked = record is null ? KnownRecord.IsMissing(live) : KnownRecord.IsHijacked(live, record),
            Participants = [.. record?.Participants.Select(owners.Of) ?? []],
            Fences = [.. live.Fences.Select(fence => fence.Id)],
            Differences = original is null ? null : ServiceComparison.Find(live, routing, original),
            OwnsFields = live.ManagedFields.OfType<JsonObject>().Any(
                entry => entry["manager"]?.GetValue<string>() == ProtocolNames.FieldManager && entry["fieldsV1"]?["f:spec"] is not null),
        };
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Who the participants are.</summary>
    private sealed class Owners(ClusterInventory inventory, TimeProvider time)
    {
        public ResidueOwner Of(Participant participant)
        {
            var session = inventory.Journal.Sessions.FirstOrDefault(session => session.Participant == participant);
            return session is not null
                ? ResidueOwner.Of(session, time)
                : ResidueOwner.Unknown(
                    participant.Id, inventory.Journal.Unreadable.FirstOrDefault(found => found.Metadata.Uid == participant.Uid)?.Reason);
        }

        /// <summary>Those who claim an object; for one that nobody claims by itself, those who claim what it comes with.</summary>
        public IReadOnlyList<ResidueOwner> Of(OwnedObject item) => item switch
        {
            { IsSession: true } => [Of(new Participant(item.Metadata.Name, item.Metadata.Uid))],
            { Claims.Count: > 0 } => [.. item.Claims.Select(Of)],
            _ => [.. inventory.Objects
                .Where(other => other.Metadata.NamespaceProperty == item.Metadata.NamespaceProperty && other.ServiceLabel == item.ServiceLabel)
                .SelectMany(other => other.Claims)
                .Distinct()
                .Select(Of)],
        };
    }
}
