using Intercept.Proxy.Protocol;

namespace Intercept.Engine;

/// <summary>Labels and annotations that the engine writes and reads.</summary>
internal static class Labels
{
    /// <summary>Label on everything of ours; its value is <see cref="Manager"/>.</summary>
    public const string ManagedBy = ProtocolNames.ManagedBy;

    /// <summary>Value of <see cref="ManagedBy"/>.</summary>
    public const string Manager = ProtocolNames.Manager;

    /// <summary>Selects everything of ours.</summary>
    public const string SelectAll = $"{ManagedBy}={Manager}";

    /// <summary>Label on everything of ours: the intercepted Service's name (cut like any label value).</summary>
    public const string Service = "system.codezero.io/service";

    /// <summary>Label of the proxy's pods, as in the original; its value is <see cref="InterceptorApp"/>.</summary>
    public const string App = "app";

    /// <summary>Value of <see cref="App"/>.</summary>
    public const string InterceptorApp = "interceptor";

    /// <summary>Label of the proxy's pods, as in the original: the SHA-1 of the Session's name.</summary>
    public const string Session = "system.codezero.io/session";

    /// <summary>Label on a Service while it is hijacked; <c>"true"</c>.</summary>
    public const string Hijacked = ProtocolNames.Hijacked;

    /// <summary>Annotation on a Service while it is hijacked: how to undo it, and who takes part.</summary>
    public const string Record = ProtocolNames.Record;

    /// <summary>Annotation on the proxy, its ConfigMap and the decoy: the participants that need it.</summary>
    public const string Claims = ProtocolNames.Claims;

    /// <summary>Annotation on a Service: participants that somebody else is closing, and that must not enter any more.</summary>
    public const string Fences = ProtocolNames.Fences;

    /// <summary>Label on a ConfigMap that holds a Session, where the custom resource is not to be had; <c>"true"</c>.</summary>
    public const string Journal = "system.codezero.io/journal";

    /// <summary>Annotation on such a ConfigMap: the Session's status, as JSON.</summary>
    public const string Status = "system.codezero.io/status";
}
