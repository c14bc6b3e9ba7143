namespace Intercept;

/// <summary>How long each phase of an intercept may take. Under a debugger no phase times out.</summary>
public sealed record InterceptTimeouts
{
    /// <summary>From the proxy's Deployment to its first ready pod. The default is 2 minutes: an image may have to be pulled.</summary>
    public TimeSpan ProxyReady { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From the decoy Service to its having the endpoints that the original has. The default is 30 seconds.</summary>
    public TimeSpan DecoyReady { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For connecting the tunnel and for the proxy's proof that it reaches the decoy. The default is 15 seconds.</summary>
    public TimeSpan Tunnel { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From the write that hijacks the Service to the proof that its traffic arrives at the proxy. The default is 30 seconds.</summary>
    public TimeSpan Switch { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For others to leave a Service, with <see cref="WhenBusy.Wait"/>. The default is 5 minutes.</summary>
    public TimeSpan Busy { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For requests in flight and old connections to end on close, each. The default is 10 seconds.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the whole of a close. The default is 30 seconds.</summary>
    public TimeSpan Close { get; init; } = TimeSpan.FromSeconds(30);
}
