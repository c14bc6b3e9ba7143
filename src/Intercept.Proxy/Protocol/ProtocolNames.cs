namespace Intercept.Proxy.Protocol;

/// <summary>What the protocol writes onto objects: names that every version must read.</summary>
internal static class ProtocolNames
{
    /// <summary>Label on everything of ours; its value is <see cref="Manager"/>.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>Value of <see cref="ManagedBy"/>.</summary>
    public const string Manager = "intercept";

    /// <summary>Label on a Service while it is hijacked; <c>"true"</c>.</summary>
    public const string Hijacked = "system.codezero.io/hijacked";

    /// <summary>Annotation on a Service while it is hijacked: how to undo it, and who takes part.</summary>
    public const string Record = "system.codezero.io/record";

    /// <summary>Annotation on a Service: participants that somebody else is closing, and that must not enter any more.</summary>
    public const string Fences = "system.codezero.io/fences";

    /// <summary>Annotation on the proxy, its ConfigMap and the decoy: the participants that need it.</summary>
    public const string Claims = "system.codezero.io/claims";

    /// <summary>Annotation on a Session that is kept in a ConfigMap: its status, as JSON.</summary>
    public const string SessionStatus = "system.codezero.io/status";

    /// <summary>The key of a ConfigMap's data under which a Session is kept, as JSON.</summary>
    public const string SessionData = "session.json";

    /// <summary>The name under which Kubernetes records what we changed (<c>metadata.managedFields</c>).</summary>
    public const string FieldManager = "intercept";
}
