using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Probing;
using Intercept.Proxy.Reaping;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Control;

/// <summary>What each command of a test process does.</summary>
internal sealed class ControlCommands(
    SessionRegistry registry, ProxyState state, Drain drain, DecoyProber decoy, ServiceProber service, ReaperStatus reaper)
{
    private const int MaxProbes = 1000;

    /// <summary>Does it, and tells how it went.</summary>
    public async Task<ControlReply> ExecuteAsync(
        ControlCommand command, Attachment attachment, TunnelConnection tunnel, CancellationToken cancellationToken)
    {
        var id = command.Id;
        var session = attachment.Session;
        switch (command)
        {
            case SetRoutesCommand set:
                return new ControlReply(id) { Problem = registry.SetRoutes(attachment, tunnel, set.Routes) };
            case AddRouteCommand add:
                return new ControlReply(id) { Problem = registry.AddRoute(attachment, new RouteEntry(add.RouteId, add.Rule)) };
            case RemoveRouteCommand remove:
                return new ControlReply(id) { Sent = registry.RemoveRoute(session, remove.RouteId) };
            case StatusCommand:
                return new ControlReply(id) { Status = Report(session) };
            case ProbeDecoyCommand probe:
                return new ControlReply(id) { Decoy = await decoy.ProbeAsync(Milliseconds(probe.TimeoutMilliseconds), cancellationToken) };
            case ProbeServiceCommand probe when probe.Count is < 1 or > MaxProbes || probe.Nonce.Length is 0 or > 256:
                return new ControlReply(id) { Problem = Refusals.Malformed($"There must be 1 to {MaxProbes} probes and a nonce of 1 to 256 characters.") };
            case ProbeServiceCommand probe:
                registry.AllowProbe(session, probe.Nonce);
                return new ControlReply(id) { Probes = await service.ProbeAsync(probe, cancellationToken) };
            case DrainCommand quiet:
                await drain.WaitForRequestsAsync(session, Milliseconds(quiet.TimeoutMilliseconds), cancellationToken);
                return new ControlReply(id) { Status = Report(session) };
            case DisconnectCommand disconnect:
                await drain.WaitForCallersAsync(Milliseconds(disconnect.TimeoutMilliseconds), cancellationToken);
                return new ControlReply(id) { Status = Report(session) };
            case LeaveCommand:
                registry.Leave(session);
                return new ControlReply(id);
            default:
                return new ControlReply(id) { Problem = Refusals.Malformed($"{command.GetType().Name} is unknown.") };
        }
    }

    private static TimeSpan Milliseconds(int number) => TimeSpan.FromMilliseconds(Math.Max(0, number));

    private StatusReport Report(Session session) =>
        new(state.Draining, registry.Count, reaper.Text, registry.Report(session), state.Ports.Select(port => port.Report()).ToArray());
}
