namespace Intercept.Proxy.Contract;

/// <summary>Values of <see cref="InterceptHeaders.Error"/>.</summary>
internal static class ProxyErrors
{
    /// <summary>The request matched, but its test process can't be reached (503), or went away before it answered (502).</summary>
    public const string TunnelLost = "tunnel-lost";

    /// <summary>The test process broke the exchange off before it answered (502).</summary>
    public const string TargetAborted = "target-aborted";

    /// <summary>The test process does not know the route any more (503): its test ended while the request was under way.</summary>
    public const string RouteGone = "route-gone";

    /// <summary>No connection to the original pods (502).</summary>
    public const string DecoyUnreachable = "decoy-unreachable";

    /// <summary>The original pods broke the exchange off before they answered (502).</summary>
    public const string DecoyAborted = "decoy-aborted";

    /// <summary>The request is not clear, or its body is not well-formed (400).</summary>
    public const string BadRequest = "bad-request";
}
