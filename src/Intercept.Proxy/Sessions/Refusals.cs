using Intercept.Proxy.Contract;
using Intercept.Proxy.Routing;

namespace Intercept.Proxy.Sessions;

/// <summary>What a proxy does not do, and what to try instead.</summary>
internal static class Refusals
{
    private const int MaxRoutes = 4096;
    private const int MaxIdLength = 64;
    private const int MaxValueLength = 1024;

    /// <summary>Another contract.</summary>
    public static Problem Version(string? theirs) => new(
        ProblemCodes.Version,
        $"The proxy speaks contract {ContractVersion.Current}, the test process {theirs ?? "none"}.",
        "Use one version of Intercept in all test processes that meet at one Service, or close the others' intercepts first.");

    /// <summary>Not of the right form.</summary>
    public static Problem Malformed(string found) =>
        new(ProblemCodes.Malformed, found, "Only an Intercept test process of the same contract can talk to this port.");

    /// <summary>A mistake of the proxy's.</summary>
    public static Problem Failed(Exception exception) => new(
        ProblemCodes.Failed, $"The proxy failed: {exception.GetType().Name}: {exception.Message}", "See the log of the interceptor pod.");

    /// <summary>Not the holder.</summary>
    public static Problem WrongToken(Session session) => new(
        ProblemCodes.Token,
        $"Session '{session.Name}' is held by somebody who shows another token.",
        "Close that intercept, wait until its time to live is over, or open yours as a session of its own.");

    /// <summary>Held already.</summary>
    public static Problem Attached(Session session) => new(
        ProblemCodes.Attached, $"Session '{session.Name}' has a live tunnel.", "One tunnel at a time: close the other one first.");

    /// <summary>A newer attach has taken over.</summary>
    public static Problem Replaced(Session session) => new(
        ProblemCodes.Attached, $"A newer tunnel has taken session '{session.Name}' over.", "Use that one.");

    /// <summary>Closed by others.</summary>
    public static Problem Closed(Session session) => new(
        ProblemCodes.Closed,
        $"Session '{session.Name}' was closed: its holder gave no sign of life for longer than its time to live, or somebody deleted it.",
        "Open a new intercept. A machine that sleeps, or a process that is stopped for long, loses its intercepts.");

    /// <summary>Full.</summary>
    public static Problem TooManySessions(int most) =>
        new(ProblemCodes.Limit, $"The proxy has {most} sessions already.", "Close intercepts that are not needed any more: intercept session list.");

    /// <summary>Why a session can't have exactly these routes, or null.</summary>
    public static Problem? FindObjection(Session session, IReadOnlyCollection<RouteEntry> entries, RouteTable table)
    {
        if (entries.Count > MaxRoutes)
        {
            return new Problem(ProblemCodes.Limit, $"A session may have {MaxRoutes} routes.", "Dispose routes of tests that have ended.");
        }

        if (entries.GroupBy(entry => entry.Rule).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            return new Problem(
                ProblemCodes.Claimed,
                $"Session '{session.Name}' takes {twice.Key} already.",
                "Dispose that route first: one rule leads to one handler.");
        }

        return entries.DistinctBy(entry => entry.RouteId).Count() != entries.Count
            ? Malformed("Two routes have the same id.")
            : entries.Select(entry => FindObjection(session, entry, table)).FirstOrDefault(problem => problem is not null);
    }

    private static Problem? FindObjection(Session session, RouteEntry entry, RouteTable table)
    {
        var rule = entry.Rule;
        if (entry.RouteId.Length is 0 or > MaxIdLength || entry.RouteId.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return Malformed($"A route's id must have 1 to {MaxIdLength} visible characters.");
        }

        if (rule.Value.Length > MaxValueLength || rule.Name.Length > MaxValueLength)
        {
            return Malformed($"A rule's name and value may have {MaxValueLength} characters each.");
        }

        if (!rule.Equals(session.Hello.Claim) && !IsTestRule(session.Hello.TestClaim, rule))
        {
            return new Problem(
                ProblemCodes.OutsideClaim,
                $"Rule {rule} is neither the rule {session.Hello.Claim} that session '{session.Name}' claims nor below {session.Hello.TestClaim?.ToString() ?? "a prefix for tests"}.",
                "Use the session's rule or one made for a test, or open an intercept with this rule.");
        }

        return table.TryGet(rule, out var other) && other.Session != session
            ? new Problem(
                ProblemCodes.Claimed,
                $"Session '{other.Session.Name}' takes {rule} already.",
                "Choose another header value, or close that intercept first.")
            : null;
    }

    private static bool IsTestRule(RouteRule? claim, RouteRule rule) =>
        claim is not null
        && string.Equals(claim.Name, rule.Name, StringComparison.OrdinalIgnoreCase)
        && rule.Value.StartsWith(claim.Value, StringComparison.Ordinal);
}
