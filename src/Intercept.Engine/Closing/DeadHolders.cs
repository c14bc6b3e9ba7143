using Intercept.Engine.Tunnels;
using k8s.Models;

namespace Intercept.Engine.Closing;

/// <summary>
/// Closes the intercepts of earlier processes of this machine that ended without closing them. Only what is certain counts:
/// the same host and boot, and no process of that number and start time.
/// </summary>
internal static class DeadHolders
{
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> CloseAsync(
        ServiceScope scope, ProxyConnector connect, V1Service service, InterceptTimeouts timeouts, StepLog log, CancellationToken cancellationToken)
    {
        var closed = false;
        foreach (var session in await scope.Journal.ListAsync(cancellationToken))
        {
            if (session.Spec.Holder.IsGone())
            {
                log.Add($"Session {session.Metadata.Name} was left by {session.Spec.Holder.Describe(scope.Time)}, which has ended: closing it");
                await new Teardown(scope, timeouts, log, connect).RunAsync(session, service, connection: null, byOther: true, cancellationToken);
                closed = true;
            }
        }

        return closed;
    }
}
