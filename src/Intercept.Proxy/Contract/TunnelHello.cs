namespace Intercept.Proxy.Contract;

/// <summary>
/// How a test process introduces itself on the control port: <c>POST /tunnel</c> with <c>Upgrade: intercept-tunnel/1</c>
/// and one header for each property. After the 101 answer the connection carries HTTP/2, with the proxy as its client.
/// </summary>
internal sealed record TunnelHello
{
    /// <summary>Request path.</summary>
    public const string Path = "/tunnel";

    /// <summary>Value of the Upgrade header.</summary>
    public const string Protocol = "intercept-tunnel/1";

    /// <summary>Length of a token: 256 bits in hexadecimal.</summary>
    public const int TokenLength = 64;

    /// <summary>The <see cref="ContractVersion"/> that the test process speaks.</summary>
    public required int Contract { get; init; }

    /// <summary>Name of the Session object.</summary>
    public required string Session { get; init; }

    /// <summary>Uid of the Session object: when that is deleted, its name may become another one's. Null where there is none.</summary>
    public string? Uid { get; init; }

    /// <summary>On the first attach: any. Later: the token that the last welcome gave.</summary>
    public required string Token { get; init; }

    /// <summary>The one exact rule that this session may use.</summary>
    public required RouteRule Claim { get; init; }

    /// <summary>A header and the beginning of its values, which this session may use too: for rules of single tests.</summary>
    public RouteRule? TestClaim { get; init; }

    /// <summary>Name of the only port on which this session's rules take requests; all HTTP ports where null.</summary>
    public string? Port { get; init; }

    /// <summary>Whether matched requests go to the original pods, rather than fail, while the tunnel is lost.</summary>
    public bool PassWhenLost { get; init; }

    /// <summary>How long the session's rules live on without a tunnel. The default is 30 seconds.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the test process may leave a ping unanswered. The default is 10 seconds; a debugged process asks for more.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the same test process was attached before and finds its tunnel broken. Together with the right token this
    /// replaces a connection that the proxy still believes in.
    /// </summary>
    public bool Again { get; init; }
}
