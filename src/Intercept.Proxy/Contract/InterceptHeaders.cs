namespace Intercept.Proxy.Contract;

/// <summary>Header names between caller, proxy and test process. All begin with <see cref="Prefix"/>, which callers can't send through.</summary>
internal static class InterceptHeaders
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "x-intercept-";

    /// <summary>On each answer: who gave it. See <c>ServedBy</c> for the forms.</summary>
    public const string ServedBy = "x-intercept-served-by";

    /// <summary>On answers that the proxy had to make up: one of <see cref="ProxyErrors"/>.</summary>
    public const string Error = "x-intercept-error";

    /// <summary>On a request in the tunnel: the id of the route that took it.</summary>
    public const string Route = "x-intercept-route";

    /// <summary>On a request in the tunnel: address and port of the caller as the proxy saw it.</summary>
    public const string Caller = "x-intercept-caller";

    /// <summary>On the one request in the tunnel that carries control messages.</summary>
    public const string Control = "x-intercept-control";

    /// <summary>On a probe and its answer: the nonce of a live session.</summary>
    public const string Probe = "x-intercept-probe";

    /// <summary>On the answer to a probe: the id of the proxy process that gave it.</summary>
    public const string Instance = "x-intercept-instance";
}
