using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>
/// Takes participants onto a Service and off it. The Service object is the only place where they meet: the write that brings
/// the first one in hijacks it, the write that takes the last one out restores it.
/// </summary>
internal sealed class Hijacker(IClusterApi api, ServiceReference service, SessionJournal journal, TimeProvider time)
{
    /// <summary>Hijacks the Service, or joins those who did.</summary>
    /// <param name="session">The participant's journal.</param>
    /// <param name="verify">
    /// Called between the read of the Service and its write: whether the participant still has its Session, proxy and decoy.
    /// </param>
    /// <param name="cancellationToken">Ends the attempts; a write in flight is still awaited.</param>
    public async Task<Entry> EnterAsync(
        SessionResource session, Func<CancellationToken, Task<bool>> verify, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await ReadAsync(session.Spec.Service.Uid, cancellationToken)
                ?? throw new InterceptException($"Service {service} was deleted while its intercept was opened.");
            var record = ServiceRecord.Of(live);
            if (record?.Participants.Contains(session.Participant) == true)
            {
                return new Entry(record, Hijacked: false);
            }

            if (record is not null)
            {
                await RuleOverlap.RefuseAsync(journal, record, session.Spec.Claim, service, time, cancellationToken);
            }

            if (!await verify(cancellationToken))
            {
                return new Entry(null, Hijacked: false);
            }

            var entered = record is null
                ? new ServiceRecord(ServiceRecord.CurrentVersion, session.Spec.Hijack, ServiceRouting.Of(live), [session.Participant], [])
                : record with { Participants = [.. record.Participants, session.Participant] };
            var patch = record is null ? ServicePatches.Hijack(live, entered) : ServicePatches.UpdateRecord(live, entered);
            if (await TryPatchAsync(patch, live.Metadata.ResourceVersion, cancellationToken))
            {
                return new Entry(entered, Hijacked: record is null);
            }
        }
    }

    /// <summary>Takes a participant off; restores the Service where it was the last.</summary>
    public async Task<Departure> LeaveAsync(SessionTarget target, Participant participant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await ReadAsync(target.Uid, cancellationToken);
            if (live is null)
            {
                return Departure.ServiceGone;
            }

            var record = ServiceRecord.Of(live);
            if (record is null || !record.Participants.Contains(participant))
            {
                return Departure.WasNotIn;
            }

            var rest = record with { Participants = [.. record.Participants.Where(other => other != participant)] };
            var last = rest.Participants.Count == 0;
            var patch = last ? ServicePatches.Restore(live, record) : ServicePatches.UpdateRecord(live, rest);
            if (await TryPatchAsync(patch, live.Metadata.ResourceVersion, cancellationToken))
            {
                return last ? Departure.Restored : Departure.OthersStay;
            }
        }
    }

    private async Task<V1Service?> ReadAsync(string uid, CancellationToken cancellationToken)
    {
        var live = await api.FindAsync<V1Service>(service.Namespace, service.Name, cancellationToken);
        return live?.Metadata.Uid == uid && live.Metadata.DeletionTimestamp is null ? live : null;
    }

    /// <summary>Whether the write took effect; false where the Service had changed and must be read again.</summary>
    private async Task<bool> TryPatchAsync(JsonPatch patch, string version, CancellationToken cancellationToken)
    {
        try
        {
            await api.PatchAsync<V1Service>(service.Namespace, service.Name, patch, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            return false;
        }
        catch (ApiException exception) when (exception.IsInvalid)
        {
            // A path that is not there any more is found out before the version is: only a re-read tells the one from the other.
            if ((await api.FindMetadataAsync<V1Service>(service.Namespace, service.Name, cancellationToken))?.Metadata.ResourceVersion == version)
            {
                throw;
            }

            return false;
        }
    }
}

/// <summary>What came of entering; without a record the participant lost its proxy or decoy and has to begin anew.</summary>
internal sealed record Entry(ServiceRecord? Record, bool Hijacked);

/// <summary>What came of leaving.</summary>
internal enum Departure
{
    /// <summary>It was the last one: the Service is as it was.</summary>
    Restored,

    /// <summary>Others still intercept the Service.</summary>
    OthersStay,

    /// <summary>It had not entered, or somebody took it off before.</summary>
    WasNotIn,

    /// <summary>The Service, or that one of this name, is gone.</summary>
    ServiceGone,
}
