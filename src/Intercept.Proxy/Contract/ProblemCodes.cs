namespace Intercept.Proxy.Contract;

/// <summary>Values of <see cref="Problem.Code"/>.</summary>
internal static class ProblemCodes
{
    /// <summary>The two ends speak different versions of the contract (426).</summary>
    public const string Version = "version";

    /// <summary>The hello or command is not of its form (400).</summary>
    public const string Malformed = "malformed";

    /// <summary>The session is known, and the token is not its token (403).</summary>
    public const string Token = "token";

    /// <summary>The session has a live tunnel (409).</summary>
    public const string Attached = "attached";

    /// <summary>The session was closed by others: its holder had given no sign of life (410).</summary>
    public const string Closed = "closed";

    /// <summary>Another session has the same rule.</summary>
    public const string Claimed = "claimed";

    /// <summary>The rule is not one that the session's hello claimed.</summary>
    public const string OutsideClaim = "outside-claim";

    /// <summary>More sessions (503) or routes than the proxy allows.</summary>
    public const string Limit = "limit";

    /// <summary>The proxy could not do it for a reason of its own.</summary>
    public const string Failed = "failed";
}
