using System.Text.Json.Nodes;

namespace Intercept.Proxy.Protocol;

/// <summary>A Service as it was just read.</summary>
internal sealed class LiveService : LiveObject
{
    /// <summary>Where it leads now.</summary>
    public required ServiceRouting Routing { get; init; }

    /// <summary><c>metadata.managedFields</c>: who owns which field.</summary>
    public JsonArray ManagedFields { get; init; } = [];

    /// <summary>Participants that must not enter any more.</summary>
    public IReadOnlyList<Participant> Fences => ParticipantList.Read(this, ProtocolNames.Fences);

    /// <summary>Its record; null where it is not hijacked.</summary>
    /// <exception cref="UnreadableRecordException">There is one that can't be understood.</exception>
    public ServiceRecord? Record => Annotation(ProtocolNames.Record) is { } text ? ServiceRecord.Parse(text) : null;
}
