namespace Intercept.Embedded.ApiServer.Registry;

/// <summary><c>DeleteOptions</c>, from body or query.</summary>
internal sealed record DeleteRequest
{
    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c>, <c>Orphan</c>; null where the client leaves it to the kind.</summary>
    public string? Propagation { get; init; }

    /// <summary>Seconds that a pod has for its end; null: as its spec says.</summary>
    public long? GracePeriodSeconds { get; init; }

    public bool DryRun { get; init; }
}
