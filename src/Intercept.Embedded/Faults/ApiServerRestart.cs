namespace Intercept.Embedded.Faults;

/// <summary>How a restart of the API server goes, in times of the cluster's clock. The phases follow each other; zero leaves one out.</summary>
public sealed record ApiServerRestart
{
    /// <summary>How long connections are refused. The default is zero.</summary>
    public TimeSpan Refusing { get; init; }

    /// <summary>How long every call is answered 503 then. The default is zero.</summary>
    public TimeSpan Unavailable { get; init; }

    /// <summary>How long every call is answered 403 then, as a real server does until it has read its roles. The default is zero.</summary>
    public TimeSpan Forbidding { get; init; }
}
