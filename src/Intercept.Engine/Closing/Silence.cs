using System.Globalization;
using Intercept.Engine.Journal;

namespace Intercept.Engine.Closing;

/// <summary>
/// Tells which holders give no sign of life, without trusting anybody's clock but this process's: a heartbeat that looks old is
/// watched until it changes, or has stood still for its time to live.
/// </summary>
internal sealed class Silence(SessionJournal journal, TimeProvider time, StepLog log)
{
    // As often as a holder beats, four times over: a beat is noticed soon.
    private const int LooksPerLife = 24;

    /// <summary>A look that took longer than this was an outage of the API, in which nobody could beat.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(2);

    /// <summary>Whether it is worth watching: what a clock says is only a hint, since the holder's may differ.</summary>
    public bool LooksOld(SessionResource session)
    {
        var sign = DateTimeOffset.TryParse(session.Status?.Heartbeat, CultureInfo.InvariantCulture, out var beat)
            ? beat
            : session.Metadata.CreationTimestamp is { } created ? new DateTimeOffset(DateTime.SpecifyKind(created, DateTimeKind.Utc)) : DateTimeOffset.MinValue;
        return (time.GetUtcNow() - sign).Duration() >= TimeToLive(session);
    }

    /// <summary>Watches.</summary>
    /// <returns>
    /// Those who were silent for their time to live, as they were seen last; who beat, was closed by itself or is another by now
    /// is not among them.
    /// </returns>
    public async Task<IReadOnlyList<SessionResource>> WatchAsync(IReadOnlyList<SessionResource> sessions, CancellationToken cancellationToken)
    {
        var silent = new List<SessionResource>();
        var watched = sessions.ToDictionary(session => session.Participant);
        if (watched.Count == 0)
        {
            return silent;
        }

        log.Add($"{string.Join(", ", sessions.Select(session => session.Metadata.Name))}: no heartbeat lately; watching for up to {sessions.Max(TimeToLive).TotalSeconds:0} s");
        var since = time.GetTimestamp();
        while (watched.Count > 0)
        {
            await Task.Delay(watched.Values.Min(TimeToLive) / LooksPerLife, time, cancellationToken);
            var asked = time.GetTimestamp();
            var live = (await journal.ListAsync(cancellationToken)).ToDictionary(session => session.Participant);
            if (time.GetElapsedTime(asked) > Outage)
            {
                since = time.GetTimestamp();
            }

            foreach (var (participant, before) in watched.ToArray())
            {
                if (!live.TryGetValue(participant, out var now) || now.Status?.Heartbeat != before.Status?.Heartbeat)
                {
                    watched.Remove(participant);
                }
                else if (time.GetElapsedTime(since, asked) >= TimeToLive(before))
                {
                    silent.Add(now);
                    watched.Remove(participant);
                }
            }
        }

        return silent;
    }

    private static TimeSpan TimeToLive(SessionResource session) => TimeSpan.FromSeconds(Math.Max(1, session.Spec.TtlSeconds));
}
