using Intercept.Proxy.Configuration;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Control;

/// <summary>Brings the proxy to rest without failing a request.</summary>
internal sealed class Drain(ProxyState state, TimeProvider time)
{
    // A caller that sends just while its idle connection is closed has to repeat the request, so those that were used
    // a moment ago are left to be closed by their next answer.
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks callers to close from now on; waits until no matched request of the session is in flight.</summary>
    public Task WaitForRequestsAsync(Session session, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Begin();
        return session.Requests.WaitForZeroAsync(timeout, time, cancellationToken);
    }

    /// <summary>
    /// Asks callers to close from now on, closes idle connections, waits until there is none. A test process that attaches
    /// meanwhile ends it: its callers stay.
    /// </summary>
    public async Task WaitForCallersAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Begin();
        var began = time.GetTimestamp();
        while (state.Draining && state.Ports.Any(port => port.Connections.Count > 0) && time.GetElapsedTime(began) is var elapsed && elapsed < timeout)
        {
            foreach (var port in state.Ports)
            {
                port.CloseIdle(Idle);
            }

            var left = timeout - elapsed;
            var round = left < Round ? left : Round;
            await Task.WhenAll(state.Ports.Select(port => port.Connections.WaitForZeroAsync(round, time, cancellationToken)));
        }
    }

    /// <summary>
    /// The Service leads elsewhere; nodes follow a little later. Asks callers to close from now on, and waits until none is
    /// connected and none has come for a while. A test process that attaches meanwhile ends it.
    /// </summary>
    /// <param name="left">When the Service was seen to lead elsewhere, on the clock's own scale.</param>
    /// <param name="quiet">How long no caller must have come.</param>
    /// <param name="timeout">The longest that this takes.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task WaitForSilenceAsync(long left, TimeSpan quiet, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Begin();
        for (var began = time.GetTimestamp(); state.Draining && time.GetElapsedTime(began) < timeout;)
        {
            var last = left;
            var connections = 0;
            foreach (var port in state.Ports)
            {
                port.CloseIdle(Idle);
                last = Math.Max(last, port.LastCaller);
                connections += port.Connections.Count;
            }

            if (connections == 0 && time.GetElapsedTime(last) >= quiet)
            {
                return;
            }

            await Task.Delay(Round, time, cancellationToken);
        }
    }

    /// <summary>Callers may keep their connections again.</summary>
    public void End() => state.Draining = false;

    private void Begin()
    {
        state.Draining = true;
        foreach (var port in state.Ports.Where(port => port.Configuration.Protocol == PortProtocol.Http2))
        {
            // GOAWAY fails nothing: callers open their next request on a new connection.
            port.CloseIdle(TimeSpan.Zero);
        }
    }
}
