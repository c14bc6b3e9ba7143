namespace Intercept.Proxy.Protocol;

/// <summary>What the protocol needs to know of an object as it was just read.</summary>
internal class LiveObject
{
    public required string Uid { get; init; }

    public required string ResourceVersion { get; init; }

    /// <summary>Null where the object has no such map yet: a JSON patch then has to make it.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Null where the object has no such map yet.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Whether it is being deleted.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>Whether it is labelled as one of ours.</summary>
    public bool IsOurs => Labels is not null && Labels.TryGetValue(ProtocolNames.ManagedBy, out var manager) && manager == ProtocolNames.Manager;

    /// <summary>The participants that need it.</summary>
    public IReadOnlyList<Participant> Claims => ParticipantList.Read(this, ProtocolNames.Claims);

    /// <summary>An annotation's text; null where there is none.</summary>
    public string? Annotation(string name) => Annotations is not null && Annotations.TryGetValue(name, out var text) ? text : null;
}
