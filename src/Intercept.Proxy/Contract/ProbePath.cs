namespace Intercept.Proxy.Contract;

/// <summary>Where a proxy answers probes by itself.</summary>
internal static class ProbePath
{
    /// <summary>The path of a probe on a data port.</summary>
    public const string Value = "/.well-known/intercept-probe";
}
