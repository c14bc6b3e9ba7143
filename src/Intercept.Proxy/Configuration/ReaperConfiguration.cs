namespace Intercept.Proxy.Configuration;

/// <summary>The objects that the proxy closes an intercept on when the intercept's holder is dead, all in one namespace.</summary>
internal sealed class ReaperConfiguration
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the intercepted Service.</summary>
    public required string Service { get; init; }

    /// <summary>Uid of the intercepted Service: one of the same name that came later is none of ours.</summary>
    public required string ServiceUid { get; init; }

    /// <summary>Name of the proxy's own Deployment and ConfigMap.</summary>
    public required string Interceptor { get; init; }

    /// <summary>Name of the decoy Service.</summary>
    public required string Decoy { get; init; }

    /// <summary>Pause between two looks, in milliseconds. The default is a fifteenth of the shortest time to live, 200 to 2,000.</summary>
    public int? PollMilliseconds { get; init; }
}
