using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore.Edits;

/// <summary>A JSON patch of one target port; the place is taken modulo the number of ports.</summary>
internal sealed record RetargetPort(int Place, string TargetPort) : Edit
{
    public override OwnedService Apply(OwnedService service)
    {
        if (service.Ports.IsEmpty)
        {
            return service;
        }

        var place = Place % service.Ports.Count;
        return service with { Ports = service.Ports.SetItem(place, service.Ports[place] with { TargetPort = TargetPort }) };
    }
}

/// <summary>A port more, unless there is one of that number and protocol.</summary>
internal sealed record AddPort(int Place, PortTarget Port) : Edit
{
    public override OwnedService Apply(OwnedService service) => service.Ports.Any(Port.IsFor)
        ? service
        : service with { Ports = service.Ports.Insert(Place % (service.Ports.Count + 1), Port) };
}

/// <summary>A port less; the last one stays, as the API demands.</summary>
internal sealed record RemovePort(int Place) : Edit
{
    public override OwnedService Apply(OwnedService service) => service.Ports.Count > 1
        ? service with { Ports = service.Ports.RemoveAt(Place % service.Ports.Count) }
        : service;
}

/// <summary>The same ports in another order.</summary>
internal sealed record MovePortToFront(int Place) : Edit
{
    public override OwnedService Apply(OwnedService service)
    {
        var port = service.Ports.ElementAtOrDefault(Place);
        return port is null ? service : service with { Ports = service.Ports.RemoveAt(Place).Insert(0, port) };
    }
}
