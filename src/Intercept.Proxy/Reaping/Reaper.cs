using System.Text.Json.Nodes;
using Intercept.Proxy.Control;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Protocol;
using Intercept.Proxy.Sessions;

namespace Intercept.Proxy.Reaping;

/// <summary>
/// Closes the intercepts of holders that give no sign of life, from inside the cluster: for when the whole machine of a test
/// run is gone. Without a token it stays off, and the proxy is a plain one in front of the original pods.
/// </summary>
internal sealed class Reaper(
    ProxyState state, ApiAccess access, ReaperStatus status, SessionRegistry registry, Drain drain, TimeProvider time, ILogger<Reaper> logger)
    : BackgroundService
{
    private const int LooksPerTimeToLive = 15;
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(2);

    private readonly Pulses _pulses = new(time);
    private readonly HashSet<Participant> _closing = [];
    private readonly HashSet<Participant> _hidden = [];
    private JsonArray? _managedFields;
    private TimeSpan _poll = ShortestPoll;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>Looks again and again, until nobody needs the proxy any more or it is to end.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var names = state.Configuration.Reaper;
        if (names is null || access.FindObstacle() is not null)
        {
            status.Text = $"off: {(names is null ? "not configured" : access.FindObstacle())}";
            ReaperLog.Off(logger, status.Text);
            return;
        }

        using var api = new ApiClient(access, time);
        var target = new Target(api, names, time);
        var residue = new Residue(api, names);
        var sessions = new SessionReader(api, names);
        var closing = new ParticipantClosing(target, residue, sessions, registry, drain, logger);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await LookAsync(target, residue, sessions, closing, stoppingToken))
                {
                    status.Text = "done: nobody needs this proxy any more";
                    return;
                }

                status.Text = _hidden.Count == 0 ? "on" : $"on, but may not see {string.Join(", ", _hidden.Select(hidden => hidden.Id))}";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // Whatever a round fails with, the next one looks anew: nobody else is there to close what the dead have left.
            catch (Exception exception)
            {
                _pulses.Clear();
                var text = $"failing: {exception.Message}";
                if (status.Text != text)
                {
                    status.Text = text;
                    ReaperLog.Failed(logger, exception);
                }
            }

            var pause = names.PollMilliseconds is { } fixedPause ? TimeSpan.FromMilliseconds(fixedPause) : _poll;
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>One look at everybody who is named anywhere, and the close of those who are dead.</summary>
    /// <returns>Whether the pod is to end.</returns>
    private async Task<bool> LookAsync(
        Target target, Residue residue, SessionReader sessions, ParticipantClosing closing, CancellationToken stopping)
    {
        if (await target.ReadAsync() is not { } service)
        {
            return false;
        }

        HashSet<Participant> named = [.. service.Record?.Participants ?? [], .. service.Fences, .. await residue.ReadClaimantsAsync()];
        _pulses.KeepOnly(named);
        _closing.IntersectWith(named);
        _hidden.IntersectWith(named);
        var timeToLive = TimeSpan.MaxValue;
        foreach (var participant in named)
        {
            SessionSighting? found;
            try
            {
                found = await sessions.FindAsync(participant);
            }
            catch (ApiFailureException exception) when (exception.IsForbidden)
            {
                // Its holder could not add it to the Role: this one is for others to close.
                _pulses.Forget(participant);
                if (_hidden.Add(participant))
                {
                    ReaperLog.Hidden(logger, participant.Id, exception.Message);
                }

                continue;
            }

            var session = found?.Live.Uid == participant.Uid ? found : null;
            _managedFields = session?.ManagedFields ?? _managedFields;
            timeToLive = session is not null && session.TimeToLive < timeToLive ? session.TimeToLive : timeToLive;
            if (await IsToBeClosedAsync(participant, session, sessions)
                && await closing.RunAsync(participant, _managedFields, stopping))
            {
                return true;
            }
        }

        _poll = Clamp(timeToLive / LooksPerTimeToLive);
        return false;
    }

    private static TimeSpan Clamp(TimeSpan poll) => poll < ShortestPoll ? ShortestPoll : poll > LongestPoll ? LongestPoll : poll;

    private async Task<bool> IsToBeClosedAsync(Participant participant, SessionSighting? session, SessionReader sessions)
    {
        if (_closing.Contains(participant))
        {
            return true;
        }

        if (!_pulses.IsDead(participant, session) || (session is not null && !await sessions.MarkClosingAsync(session)))
        {
            return false;
        }

        ReaperLog.Dead(logger, participant.Id, session is null ? "it has no Session" : $"no sign of life for {session.TimeToLive.TotalSeconds:0} s");
        return _closing.Add(participant);
    }
}
