using System.Text.Json.Nodes;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>The intercepted Service.</summary>
internal sealed class Target(ApiClient api, ReaperConfiguration names, TimeProvider time)
{
    private readonly string _path = $"/api/v1/namespaces/{names.Namespace}/services/{names.Service}";
    private long? _left;

    /// <summary>
    /// Since when the Service has led elsewhere, as far as this process has seen, on the clock's own scale; null while it is hijacked.
    /// </summary>
    public long? Left => _left;

    /// <summary>The Service as it is now; null where it is gone, or going, or another one of the same name.</summary>
    /// <exception cref="UnreadableRecordException">Its record can't be understood.</exception>
    public async Task<LiveService?> ReadAsync()
    {
        var answer = await api.GetAsync(_path);
        var live = answer.Body is { } body && LiveReader.ReadService(body) is { IsTerminating: false } found && found.Uid == names.ServiceUid ? found : null;
        _left = live?.Record is not null ? null : _left ?? time.GetTimestamp();
        return live;
    }

    /// <summary>Takes a participant off the Service; restores it where that was the last one.</summary>
    public async Task<Departure> LeaveAsync(Participant participant)
    {
        while (await ReadAsync() is { } live)
        {
            var departure = ServiceDeparture.Decide(live, participant, byOther: true);
            if (departure.Patch is null || (await api.PatchAsync(_path, departure.Patch)).IsDone)
            {
                if (departure.Outcome == Departure.Restored)
                {
                    _left = time.GetTimestamp();
                }

                return departure.Outcome;
            }
        }

        return Departure.ServiceGone;
    }

    /// <summary>The last of what a participant that has left wrote onto the Service.</summary>
    public async Task CleanAsync(Participant participant, JsonArray? managedFields)
    {
        while (await ReadAsync() is { } live && ServiceCleanup.Next(live, participant, managedFields) is { } patch)
        {
            await api.PatchAsync(_path, patch);
        }
    }
}
