using System.Text.Json.Nodes;
using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Hijacking;

/// <summary>
/// Takes participants onto a Service and off it. The Service object is the only place where they meet: the write that brings
/// the first one in hijacks it, the write that takes the last one out restores it.
/// </summary>
internal sealed class Hijacker(IClusterApi api, ServiceReference service)
{
    /// <summary>Hijacks the Service, or joins those who did.</summary>
    /// <param name="session">The participant's journal.</param>
    /// <param name="admit">Called where others are in already: whether the participant may join; false to read the Service again.</param>
    /// <param name="verify">
    /// Called between the read of the Service and its write: whether the participant still has its Session, proxy and decoy.
    /// </param>
    /// <param name="cancellationToken">Ends the attempts; a write in flight is still awaited.</param>
    /// <exception cref="InterceptLostException">Somebody else is closing this participant.</exception>
    public async Task<Entry> EnterAsync(
        SessionResource session,
        Func<ServiceRecord, CancellationToken, Task<bool>> admit,
        Func<CancellationToken, Task<bool>> verify,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await ReadAsync(session.Spec.Service.Uid, cancellationToken)
                ?? throw new InterceptException($"Service {service} was deleted while its intercept was opened.");
            var record = live.ReadRecord();
            if (record?.Participants.Contains(session.Participant) == true)
            {
                return new Entry(record, Hijacked: false);
            }

            if (live.ToLive().Fences.Contains(session.Participant))
            {
                throw InterceptLostException.Fenced(service, session.Metadata.Name);
            }

            if (record is not null && !await admit(record, cancellationToken))
            {
                continue;
            }

            if (!await verify(cancellationToken))
            {
                return new Entry(null, Hijacked: false);
            }

            var entered = record is null
                ? new ServiceRecord(ServiceRecord.CurrentVersion, session.Spec.Hijack, live.ToRouting(), [session.Participant])
                : (record with { Participants = [.. record.Participants, session.Participant] }).Adopt(live.ToRouting());
            RecordSize.Check(entered);
            var joins = record is not null && Drifts.Find(live.ToRouting(), record) == Drift.None;
            var patch = joins ? ServicePatches.UpdateRecord(live.ToLive(), entered) : ServicePatches.Hijack(live.ToLive(), entered);
            if (await TryPatchAsync(patch, live.Metadata.ResourceVersion, cancellationToken))
            {
                return new Entry(entered, Hijacked: record is null);
            }
        }
    }

    /// <summary>Takes a participant off; restores the Service where it was the last.</summary>
    /// <param name="target">The Service, as the participant's journal has it.</param>
    /// <param name="participant">Who leaves.</param>
    /// <param name="byOther">Whether this is not the participant's own process, so that a fence must keep it from entering.</param>
    /// <param name="cancellationToken">Ends the attempts; a write in flight is still awaited.</param>
    public async Task<Departure> LeaveAsync(SessionTarget target, Participant participant, bool byOther, CancellationToken cancellationToken)
    {
        while (true)
        {
            var live = await ReadAsync(target.Uid, cancellationToken);
            if (live is null)
            {
                return Departure.ServiceGone;
            }

            // Reads it for its message: the protocol's own exception knows no Service.
            _ = live.ReadRecord();
            var departure = ServiceDeparture.Decide(live.ToLive(), participant, byOther);
            if (departure.Patch is null || await TryPatchAsync(departure.Patch, live.Metadata.ResourceVersion, cancellationToken))
            {
                return departure.Outcome;
            }
        }
    }

    /// <summary>The last of what a participant that has left wrote onto the Service: its fence, and our name among the owners of fields.</summary>
    /// <param name="target">The Service, as the participant's journal has it.</param>
    /// <param name="participant">Who has left.</param>
    /// <param name="managedFields">The owners from before the hijack.</param>
    /// <param name="cancellationToken">Ends the attempts; a write in flight is still awaited.</param>
    public async Task CleanAsync(SessionTarget target, Participant participant, JsonArray? managedFields, CancellationToken cancellationToken)
    {
        while (await ReadAsync(target.Uid, cancellationToken) is { } live
            && ServiceCleanup.Next(live.ToLive(), participant, managedFields) is { } patch)
        {
            await TryPatchAsync(patch, live.Metadata.ResourceVersion, cancellationToken);
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
