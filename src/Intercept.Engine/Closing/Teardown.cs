using Intercept.Engine.Opening;
using Intercept.Engine.Readiness;
using Intercept.Engine.Records;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>
/// Closes one participant's intercept, strictly in this order: route off, leave or restore the Service, prove and drain, proxy,
/// decoy, Session last. Every step reads what is there and may be repeated, so that it closes what was opened only halfway,
/// and carries on where another close stopped.
/// </summary>
internal sealed class Teardown(ServiceScope scope, InterceptTimeouts timeouts, StepLog log, ProxyConnector? connect = null)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    // Nodes follow a Service within a second.
    private static readonly TimeSpan SwitchPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs all steps.</summary>
    /// <param name="target">Who is closed.</param>
    /// <param name="service">The Service as it was when the intercept was opened.</param>
    /// <param name="connection">The participant's tunnel, if this process holds it; disposed at the end.</param>
    /// <param name="byOther">Whether another process than the participant's own closes it; a fence then keeps that one from entering.</param>
    /// <param name="cancellationToken">Bounds the whole.</param>
    public async Task RunAsync(
        ClosingTarget target, V1Service service, TunnelConnection? connection, bool byOther, CancellationToken cancellationToken)
    {
        try
        {
            if (target.Session is { } marked)
            {
                await scope.Journal.MarkClosingAsync(marked, cancellationToken);
            }

            if (connection is not null)
            {
                await StopRoutingAsync(connection, cancellationToken);
            }

            var departure = await scope.Hijacker.LeaveAsync(target.Service, target.Participant, byOther, cancellationToken);
            log.Add(Describe(departure));
            if (departure == Departure.Restored)
            {
                await DrainAsync(service, connection, cancellationToken);
            }
            else if (departure == Departure.NotHijacked)
            {
                // The answer to a restore may have been lost, or who restored it ended there: the nodes may still lead to the proxy.
                await WaitUntilSwitchedBackAsync(cancellationToken);
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }

        await RemoveAsync(target.Participant, cancellationToken);
        await scope.Hijacker.CleanAsync(target.Service, target.Participant, target.ManagedFields, cancellationToken);
        if (target.Session is { } session)
        {
            await scope.Journal.DeleteAsync(session, cancellationToken);
            log.Add($"Session {session.Metadata.Name} deleted");
        }
    }

    private async Task StopRoutingAsync(TunnelConnection connection, CancellationToken cancellationToken)
    {
        if (!connection.Link.IsConnected)
        {
            log.Add("the tunnel is cut: nothing comes through it any more, and the Service shall not wait for it");
            return;
        }

        using var patience = new CancellationTokenSource(timeouts.Drain, scope.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await connection.StopRoutingAsync();
            while ((await connection.Link.GetStatusAsync(linked.Token)).Session.InFlight > 0)
            {
                await Task.Delay(Poll, scope.Time, linked.Token);
            }

            log.Add("the rule is off, intercepted requests in flight are answered");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.Add($"the rule is off; {nameof(InterceptTimeouts.Drain)} was over before all intercepted requests in flight were answered");
        }
        catch (InterceptException exception)
        {
            log.Add($"the tunnel is lost, its rules with it: {exception.Message}");
        }
    }

    /// <summary>
    /// The Service leads back; nodes follow a little later, and callers may hold connections to the proxy. Neither must lose
    /// a request, so the proxy stays until both are over.
    /// </summary>
    private async Task DrainAsync(V1Service service, TunnelConnection? connection, CancellationToken cancellationToken)
    {
        try
        {
            if (connection is { Link.IsConnected: true })
            {
                await ProveAndDrainAsync(service, connection.Link, cancellationToken);
                return;
            }

            if (connect is not null && (await scope.Pods.AddressesAsync(cancellationToken)).Count > 0)
            {
                await using var link = await ObserverLink.ConnectAsync(scope, connect, timeouts, cancellationToken);
                await ProveAndDrainAsync(service, link, cancellationToken);
                return;
            }
        }
        catch (InterceptException exception)
        {
            log.Add($"the way back could not be proven on the data path: {exception.Message}");
        }

        await WaitUntilSwitchedBackAsync(cancellationToken);
    }

    /// <summary>The EndpointSlices name no pod of the proxy any more.</summary>
    private Task<TimeSpan?> WaitUntilSwitchedBackAsync(CancellationToken cancellationToken) => WaitForWayBackAsync(
        async token =>
        {
            var proxies = await scope.Pods.AddressesAsync(token);
            await ServiceEndpoints.WaitAsync(
                scope.Api, scope.Service.Namespace, scope.Service.Name, addresses => !addresses.Overlaps(proxies), token);
            return TimeSpan.Zero;
        },
        cancellationToken);

    private async Task ProveAndDrainAsync(V1Service service, IProxyLink link, CancellationToken cancellationToken)
    {
        var proof = new SwitchProof(scope, service, link);
        var took = await PhaseTimeout.RunAsync(
            $"New connections to {scope.Service} still arrive at the proxy", nameof(InterceptTimeouts.Drain), timeouts.Drain,
            scope.Time, token => WaitForWayBackAsync(proof.SwitchedBackAsync, token), proof.DescribeAsync, cancellationToken);
        if (took is { } time)
        {
            var status = await link.DisconnectCallersAsync(timeouts.Drain, cancellationToken);
            log.Add($"new connections arrive at the original pods after {SwitchProof.Show(time)}; {status.Connections} old one(s) left at the proxy");
        }
    }

    /// <summary>Waits for the way back. Where others have hijacked the Service again there is none: the proxy stays, for them.</summary>
    /// <returns>How long it took; null where others have hijacked the Service again.</returns>
    private async Task<TimeSpan?> WaitForWayBackAsync(Func<CancellationToken, Task<TimeSpan>> wait, CancellationToken cancellationToken)
    {
        do
        {
            using var patience = new CancellationTokenSource(SwitchPatience, scope.Time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                return await wait(linked.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Nodes are slow, or others have hijacked the Service again.
            }
        }
        while ((await scope.Api.FindAsync<V1Service>(scope.Service.Namespace, scope.Service.Name, cancellationToken))?.ReadRecord() is null);

        log.Add($"others have hijacked {scope.Service} again: the proxy stays for them");
        return null;
    }

    private async Task RemoveAsync(Participant participant, CancellationToken cancellationToken)
    {
        var deployment = await scope.Deployment.ReleaseAsync(participant, cancellationToken);
        var configMap = await scope.ConfigMap.ReleaseAsync(participant, cancellationToken);
        var decoy = await scope.Decoy.ReleaseAsync(participant, cancellationToken);
        if (deployment && configMap && decoy)
        {
            await scope.Pods.WaitUntilGoneAsync(scope.Time, cancellationToken);
            await scope.ReaperAccount.RevokeAsync(cancellationToken);
            log.Add("proxy, ConfigMap and decoy deleted");
        }
    }

    private string Describe(Departure departure) => departure switch
    {
        Departure.Restored => $"{scope.Service} restored",
        Departure.OthersStay => $"left {scope.Service}, which others still intercept",
        Departure.WasNotIn or Departure.NotHijacked => $"{scope.Service} was not, or no longer, hijacked by this intercept",
        _ => $"{scope.Service} is gone",
    };
}
