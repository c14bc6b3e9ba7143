using Intercept.Engine.Journal;

namespace Intercept.Engine.Hijacking;

/// <summary>Finds out whether a participant would take requests that another one has claimed.</summary>
internal static class RuleOverlap
{
    /// <exception cref="InterceptClaimedException">Somebody else has claimed the same requests.</exception>
    public static void Refuse(IReadOnlyList<SessionResource> participants, SessionClaim claim, ServiceReference service, TimeProvider time)
    {
        var owner = participants.FirstOrDefault(session => Overlap(session.Spec.Claim, claim));
        if (owner is not null)
        {
            var requests = claim.Header.Length == 0 ? "all traffic" : $"header {claim.Header}:{claim.Value}";
            throw new InterceptClaimedException(
                $"Service {service} is intercepted for {requests} already, by {owner.Spec.Holder.Describe(time)}, Session {owner.Metadata.Name}. "
                + "That intercept goes on untouched; nothing was changed. Use another header value (leave Header out to get one of your own), "
                + "or close the other intercept first.");
        }
    }

    /// <summary>Whether two claims have a request in common that neither leaves to the other.</summary>
    public static bool Overlap(SessionClaim one, SessionClaim other) =>
        (SameHeader(one.Header, other.Header) && one.Value == other.Value)
        || Covers(one, other)
        || Covers(other, one);

    private static bool Covers(SessionClaim tests, SessionClaim rule) =>
        rule.Header.Length > 0
        && SameHeader(tests.TestHeader, rule.Header)
        && rule.Value.StartsWith(tests.TestValuePrefix, StringComparison.Ordinal);

    private static bool SameHeader(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
