using System.Text.Json.Nodes;
using Intercept.Proxy.Control;
using Intercept.Proxy.Protocol;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Reaping;

/// <summary>
/// Closes one participant: route off, leave or restore the Service, drain, decoy, what stands on the Service, Session, and the
/// own Deployment last of all. As long as that is there somebody is there to go on, in this pod or in its successor: every
/// step reads what is there and may be repeated.
/// </summary>
internal sealed class ParticipantClosing(
    Target target, Residue residue, SessionReader sessions, SessionRegistry registry, Drain drain, ILogger logger)
{
    // A node's kube-proxy follows a Service within a second.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs all steps.</summary>
    /// <param name="participant">Who.</param>
    /// <param name="managedFields">Who owned the Service's fields before the hijack.</param>
    /// <param name="stopping">Between two steps: the pod ends, and its successor goes on.</param>
    /// <returns>Whether the pod is to end, because nobody needs it any more.</returns>
    public async Task<bool> RunAsync(Participant participant, JsonArray? managedFields, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        registry.Close(participant.Id, participant.Uid);
        var departure = await target.LeaveAsync(participant);
        ReaperLog.Left(logger, participant.Id, departure);
        if (departure == Departure.ServiceGone)
        {
            // All that is ours is owned by it.
            return false;
        }

        stopping.ThrowIfCancellationRequested();
        if (target.Left is { } left)
        {
            await drain.WaitForSilenceAsync(left, Quiet, DrainTimeout, stopping);
        }

        stopping.ThrowIfCancellationRequested();
        await residue.ReleaseDecoyAsync(participant);
        stopping.ThrowIfCancellationRequested();
        await target.CleanAsync(participant, managedFields);
        stopping.ThrowIfCancellationRequested();
        await sessions.DeleteAsync(participant);
        stopping.ThrowIfCancellationRequested();
        var isLast = await residue.ReleaseDeploymentAsync(participant);
        if (!isLast)
        {
            drain.End();
        }

        ReaperLog.Closed(logger, participant.Id);
        return isLast;
    }
}
