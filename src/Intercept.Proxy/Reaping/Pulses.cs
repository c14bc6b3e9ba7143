using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>
/// Since when each participant has given no sign of life, on this process's own clock. Clocks of other machines take no part,
/// and neither does time in which nobody could see anything: after it, every count begins anew.
/// </summary>
internal sealed class Pulses(TimeProvider time)
{
    // Its Session is written before a participant shows anywhere else, so that one without is closed; a moment of patience
    // costs little and covers a reader that lags.
    private const int ReadsWithoutSession = 3;
    private static readonly TimeSpan PatienceWithoutSession = TimeSpan.FromSeconds(2);

    // Holders may be waiting between two attempts when the API can be reached again.
    private static readonly TimeSpan PatienceAfterOutage = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Participant, Pulse> _pulses = [];
    private long? _outage;

    /// <summary>Notes what was just read of a participant, and tells whether it is dead.</summary>
    /// <param name="participant">Who.</param>
    /// <param name="session">Its Session; null where it has none.</param>
    public bool IsDead(Participant participant, SessionSighting? session)
    {
        if (!_pulses.TryGetValue(participant, out var pulse) || pulse.HasSession != session is not null || pulse.Heartbeat != session?.Heartbeat)
        {
            _pulses[participant] = pulse = new Pulse(session is not null, session?.Heartbeat, time.GetTimestamp());
        }

        pulse.Reads++;
        var still = time.GetElapsedTime(pulse.Since);
        if (_outage is { } outage && time.GetElapsedTime(outage) < PatienceAfterOutage)
        {
            return false;
        }

        return session is null
            ? pulse.Reads >= ReadsWithoutSession && still >= PatienceWithoutSession
            : still >= session.TimeToLive;
    }

    /// <summary>The participant could not be looked at: its count begins anew.</summary>
    public void Forget(Participant participant) => _pulses.Remove(participant);

    /// <summary>Nothing could be looked at: every count begins anew.</summary>
    public void Clear()
    {
        _pulses.Clear();
        _outage = time.GetTimestamp();
    }

    /// <summary>Drops who is named no more.</summary>
    public void KeepOnly(HashSet<Participant> named)
    {
        foreach (var participant in _pulses.Keys.Where(known => !named.Contains(known)).ToArray())
        {
            _pulses.Remove(participant);
        }
    }

    private sealed class Pulse(bool hasSession, string? heartbeat, long since)
    {
        public bool HasSession => hasSession;

        public string? Heartbeat => heartbeat;

        public long Since => since;

        public int Reads { get; set; }
    }
}
