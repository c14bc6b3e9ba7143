using System.Text.Json.Nodes;
using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Closing;

/// <summary>A participant to be closed.</summary>
/// <param name="Participant">Who.</param>
/// <param name="Service">The Service, of the uid that it had then.</param>
/// <param name="Session">Its journal; null where somebody deleted that.</param>
internal sealed record ClosingTarget(Participant Participant, SessionTarget Service, SessionResource? Session)
{
    /// <summary>The owners of the Service's fields from before the hijack.</summary>
    public JsonArray? ManagedFields => Session?.Spec.ManagedFields as JsonArray;

    /// <summary>The participant that a Session is the journal of.</summary>
    public static ClosingTarget Of(SessionResource session) => new(session.Participant, session.Spec.Service, session);
}
