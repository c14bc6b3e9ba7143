using System.Collections.Immutable;
using Intercept.Engine;
using Intercept.Engine.Hijacking;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>The engine's hijack of a Service, and ways to restore it.</summary>
internal static class Hijacking
{
    private static readonly InterceptNames Names = InterceptNames.For(ServiceReference.Parse("shop/leaf"));

    /// <summary>The record of a hijack that has one participant.</summary>
    public static ServiceRecord Plan(OwnedService service, SelectorStyle style) => new(
        ServiceRecord.CurrentVersion,
        HijackRouting.For(ToModel(service), Names, style),
        service.Routing,
        [new Participant("intercept-shop-leaf", "uid")]);

    public static OwnedService Hijack(OwnedService service, ServiceRecord record) => service with
    {
        Selector = record.Hijack.Selector.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Ports = [.. record.Hijack.Ports],
        Labels = service.Labels.SetItem(ProtocolNames.Hijacked, "true"),
        Annotations = service.Annotations.SetItem(ProtocolNames.Record, "…"),
    };

    /// <summary>As the engine does it; where somebody took the record off, there is nothing to restore.</summary>
    public static OwnedService Restore(OwnedService live, ServiceRecord record) => RestoreTo(live, ThreeWayRestore.Routing(live.Routing, record));

    /// <summary>The guard looks at the Service after an edit: what is ours only in part is hijacked again, with what it then is as the original.</summary>
    public static (OwnedService Live, ServiceRecord Record) Guard(OwnedService live, ServiceRecord record)
    {
        if (!live.Annotations.ContainsKey(ProtocolNames.Record) || Drifts.Find(live.Routing, record) != Drift.Mixed)
        {
            return (live, record);
        }

        var adopted = record.Adopt(live.Routing);
        return (Hijack(live, adopted), adopted);
    }

    /// <summary>What the original recorded: selector and ports as they were.</summary>
    public static OwnedService RestoreWholesale(OwnedService live, ServiceRecord record) => RestoreTo(live, record.Original);

    private static OwnedService RestoreTo(OwnedService live, ServiceRouting routing) => !live.Annotations.ContainsKey(ProtocolNames.Record)
        ? live
        : live with
        {
            Selector = routing.Selector.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Ports = [.. routing.Ports],
            Labels = live.Labels.Remove(ProtocolNames.Hijacked),
            Annotations = live.Annotations.Remove(ProtocolNames.Record),
        };

    private static V1Service ToModel(OwnedService service) => new()
    {
        Spec = new V1ServiceSpec
        {
            Selector = service.Selector.ToDictionary(),
            Ports = [.. service.Ports.Select(port => new V1ServicePort { Port = port.Port, Protocol = port.Protocol, TargetPort = port.TargetPort })],
        },
    };
}
