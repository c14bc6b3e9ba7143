using k8s.Models;

namespace Intercept.Engine.Journal;

/// <summary>What a journal holds. A Session that can't be read must not keep anybody from reading the others.</summary>
internal sealed record JournalContent(IReadOnlyList<SessionResource> Sessions, IReadOnlyList<UnreadableSession> Unreadable)
{
    public JournalContent Where(Func<SessionResource, bool> session, Func<UnreadableSession, bool> unreadable) =>
        new([.. Sessions.Where(session)], [.. Unreadable.Where(unreadable)]);

    public JournalContent Union(JournalContent other) =>
        new([.. Sessions, .. other.Sessions], [.. Unreadable, .. other.Unreadable]);
}

/// <summary>A Session that another version wrote, or that somebody edited by hand.</summary>
/// <param name="Form">As what it stands in the cluster.</param>
/// <param name="Metadata">Its metadata, which the API server keeps in order.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record UnreadableSession(JournalForm Form, V1ObjectMeta Metadata, string Reason)
{
    /// <summary>Whether it may stand for this Service: its label says so, or it has none.</summary>
    public bool MayBeOf(string service) =>
        Metadata.Labels is null || !Metadata.Labels.TryGetValue(Labels.Service, out var name) || name == Residue.OwnedMetadata.LabelValue(service);
}
