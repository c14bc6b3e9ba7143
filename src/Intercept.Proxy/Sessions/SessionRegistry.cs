using System.Diagnostics.CodeAnalysis;
using Intercept.Proxy.Contract;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Routing;

namespace Intercept.Proxy.Sessions;

/// <summary>Who takes part, with which rules. Every change of a session is made here, one at a time.</summary>
internal sealed class SessionRegistry(RouteTable table, ProxyState state, TimeProvider time, ILogger<SessionRegistry> logger) : IDisposable
{
    private const int MaxSessions = 64;
    private const int MaxNonces = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string? Uid), Session> _sessions = [];
    private readonly Dictionary<(string Name, string? Uid), Session> _closed = [];

    /// <summary>How many sessions there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Lets a test process in, or tells why not.</summary>
    public bool TryAttach(TunnelHello hello, [NotNullWhen(true)] out Attachment? attachment, [NotNullWhen(false)] out Problem? problem)
    {
        lock (_gate)
        {
            attachment = null;
            _sessions.TryGetValue((hello.Session, hello.Uid), out var session);
            problem = FindObjection(hello, session);
            if (problem is not null)
            {
                ProxyLog.AttachRefused(logger, hello.Session, problem.Code, problem.Message);
                return false;
            }

            session ??= _sessions[(hello.Session, hello.Uid)] = new Session(hello);
            session.Hello = hello;
            session.Expiry?.Dispose();
            session.Expiry = null;
            session.Attachment?.Replace();
            session.HoldRequests();
            session.Attachment = attachment = new Attachment(session, session.Token.Rotate());
            ProxyLog.Attached(logger, session.Name);
            return true;
        }
    }

    /// <summary>Exactly these routes from now on, through this tunnel.</summary>
    public Problem? SetRoutes(Attachment attachment, TunnelConnection tunnel, IReadOnlyList<RouteEntry> entries)
    {
        lock (_gate)
        {
            var session = attachment.Session;
            if (session.Attachment != attachment)
            {
                return Refusals.Replaced(session);
            }

            if (Refusals.FindObjection(session, entries, table) is { } problem)
            {
                return problem;
            }

            var routes = entries.Select(entry => new LiveRoute(entry.RouteId, entry.Rule, session)).ToList();
            LiveRoute[] old = [.. session.Routes.Values];
            session.Routes.Clear();
            foreach (var route in routes)
            {
                session.Routes[route.Id] = route;
            }

            table.Replace(old, [.. session.Routes.Values]);
            foreach (var route in old)
            {
                route.Close();
            }

            session.Token.Confirm();
            attachment.Confirmed = true;
            session.SetTunnel(tunnel);
            state.Draining = false;
            return null;
        }
    }

    /// <summary>One more route.</summary>
    public Problem? AddRoute(Attachment attachment, RouteEntry entry)
    {
        lock (_gate)
        {
            var session = attachment.Session;
            if (session.Attachment != attachment)
            {
                return Refusals.Replaced(session);
            }

            if (session.Routes.TryGetValue(entry.RouteId, out var existing) && existing.Rule.Equals(entry.Rule))
            {
                return null;
            }

            RouteEntry[] all = [.. session.Routes.Values.Where(route => route != existing).Select(route => new RouteEntry(route.Id, route.Rule)), entry];
            if (Refusals.FindObjection(session, all, table) is { } problem)
            {
                return problem;
            }

            var route = new LiveRoute(entry.RouteId, entry.Rule, session);
            LiveRoute[] replaced = existing is null ? [] : [existing];
            session.Routes[entry.RouteId] = route;
            table.Replace(replaced, [route]);
            state.Draining = false;
            return null;
        }
    }

    /// <summary>Takes a route out.</summary>
    /// <returns>How many requests went this way through the present tunnel.</returns>
    public int RemoveRoute(Session session, string routeId)
    {
        lock (_gate)
        {
            if (!session.Routes.Remove(routeId, out var route))
            {
                return 0;
            }

            table.Replace([route], []);
            return route.Close();
        }
    }

    /// <summary>A request could not be sent: the others wait until the session has another tunnel.</summary>
    public void Suspend(Session session, TunnelConnection tunnel)
    {
        lock (_gate)
        {
            session.HoldRequests(tunnel);
        }
    }

    /// <summary>The session's counters.</summary>
    public SessionReport Report(Session session)
    {
        lock (_gate)
        {
            return session.Report(session.Routes.Count);
        }
    }

    /// <summary>Answers to probes with this nonce from now on, as long as the session lives.</summary>
    public void AllowProbe(Session session, string nonce)
    {
        lock (_gate)
        {
            if (session.Nonces.Count == MaxNonces)
            {
                session.Nonces.Dequeue();
            }

            session.Nonces.Enqueue(nonce);
        }
    }

    /// <summary>Whether a live session uses this nonce.</summary>
    public bool KnowsNonce(string nonce)
    {
        lock (_gate)
        {
            return _sessions.Values.Any(session => session.Nonces.Contains(nonce));
        }
    }

    /// <summary>Goodbye: the session is gone, requests that wait for it go on without it.</summary>
    public void Leave(Session session)
    {
        lock (_gate)
        {
            ProxyLog.Left(logger, session.Name);
            Remove(session);
        }
    }

    /// <summary>The connection of an attach has ended. Without a goodbye its session waits for the next one.</summary>
    public void Detach(Attachment attachment)
    {
        lock (_gate)
        {
            var session = attachment.Session;
            if (session.Attachment == attachment)
            {
                session.Attachment = null;
                session.HoldRequests();
                if (!attachment.Confirmed && session.Routes.Count == 0)
                {
                    // Nobody has ever used it: its name must not stay locked to a token that may have got lost.
                    Remove(session);
                }
                else if (!session.IsOver)
                {
                    ProxyLog.Lost(logger, session.Name, session.Hello.TimeToLive);
                    session.Expiry = time.CreateTimer(Expire, session, session.Hello.TimeToLive, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    /// <summary>Somebody else closes the session: its rules are off, and its test process may not come back.</summary>
    public void Close(string name, string? uid)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue((name, uid), out var session))
            {
                return;
            }

            ProxyLog.Closed(logger, name);
            if (_closed.Count >= MaxSessions)
            {
                _closed.Clear();
            }

            _closed[(name, uid)] = session;
            Remove(session);
            session.Attachment?.Replace();
            session.Attachment = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var session in _sessions.Values.ToArray())
            {
                Remove(session);
            }
        }
    }

    private Problem? FindObjection(TunnelHello hello, Session? session)
    {
        if (session is not null)
        {
            return !session.Token.Accepts(hello.Token) ? Refusals.WrongToken(session)
                : session.Attachment is not null && !hello.Again ? Refusals.Attached(session)
                : null;
        }

        return hello.Again && _closed.TryGetValue((hello.Session, hello.Uid), out var closed) && closed.Token.Accepts(hello.Token) ? Refusals.Closed(closed)
            : _sessions.Count < MaxSessions ? null
            : Refusals.TooManySessions(MaxSessions);
    }

    private void Expire(object? state)
    {
        lock (_gate)
        {
            // A re-attach may have come while the timer fired.
            if (state is Session { Attachment: null } session)
            {
                ProxyLog.Expired(logger, session.Name);
                Remove(session);
            }
        }
    }

    private void Remove(Session session)
    {
        var key = (session.Name, session.Hello.Uid);
        if (_sessions.TryGetValue(key, out var current) && current == session)
        {
            _sessions.Remove(key);
        }

        session.Expiry?.Dispose();
        session.Expiry = null;
        table.Replace([.. session.Routes.Values], []);
        session.Routes.Clear();
        session.Nonces.Clear();
        session.End();
    }
}
