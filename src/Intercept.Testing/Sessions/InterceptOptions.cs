namespace Intercept.Testing;

/// <summary>How one intercept shall be. Everything is checked before anything is changed in the cluster.</summary>
public sealed record InterceptOptions
{
    /// <summary>
    /// The header that marks the requests to take, as <c>KEY:value</c>. The default is <see cref="HeaderRule.DefaultName"/> with a
    /// random value of 128 bits, a new one for each session, so that nobody else's requests are taken.
    /// </summary>
    public string? Header { get; init; }

    /// <summary>
    /// Whether to take every request that no header rule of anybody takes, instead of those with a header.
    /// Leave <see cref="Header"/> unset then. The default is <see langword="false"/>.
    /// </summary>
    public bool AllTraffic { get; init; }

    /// <summary>The name or number of the one Service port to intercept. The default is every HTTP port of the Service.</summary>
    public string? Port { get; init; }

    /// <summary>
    /// Where a test's requests enter the cluster, as <c>namespace/name/path</c>: the intercept then counts as open only when a marked
    /// GET request to that Service and path has come, over all hops in between, to this process. It finds hops that don't propagate
    /// the header, and callers that still use connections from before the hijack. The default is no such proof.
    /// </summary>
    public string? ProveThrough { get; init; }

    /// <summary>What marked requests get while this process can't be reached. The default is <see cref="WhenLost.Fail"/>.</summary>
    public WhenLost WhenLost { get; init; } = WhenLost.Fail;

    /// <summary>What to do where others intercept the Service already. The default is <see cref="WhenBusy.Join"/>.</summary>
    public WhenBusy WhenBusy { get; init; } = WhenBusy.Join;

    /// <summary>What to do when somebody else leads the Service back while it is intercepted. The default is <see cref="WhenReverted.Yield"/>.</summary>
    public WhenReverted WhenReverted { get; init; } = WhenReverted.Yield;

    /// <summary>How the Service selects the proxy's pods while it is intercepted. The default is <see cref="SelectorStyle.Auto"/>.</summary>
    public SelectorStyle SelectorStyle { get; init; } = SelectorStyle.Auto;

    /// <summary>
    /// How long the others (the proxy's reaper, other runs) wait for a sign of life of this process before they close its intercept;
    /// it shows one six times as often. Whole seconds, at least 1. The default is 30 seconds, an hour under a debugger.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// Whether to refuse to open where the proxy's pod can't have the rights to close the intercept by itself (docs/rights.md). The
    /// default is <see langword="false"/>: it opens, the session's timeline says so, and the watchdog and the next run remain.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>How long each phase may take. The defaults stand with each of its properties.</summary>
    public InterceptTimeouts Timeouts { get; init; } = new();

    /// <summary>The image of the interceptor pod. The default is <see cref="InterceptDefaults.ProxyImage"/>; name your mirror's here.</summary>
    public string ProxyImage { get; init; } = InterceptDefaults.ProxyImage;

    /// <summary>Who holds the intercept, for people who find it in the cluster. The default is user and machine; fixtures give their class's name.</summary>
    public string? Holder { get; init; }

    /// <summary>
    /// How many bytes of each request body and of each answer's body are kept. Longer bodies are passed on whole, and the
    /// recorded call says that it was truncated. The default is 1 MiB; 0 keeps none.
    /// </summary>
    public int MaxRecordedBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>How many calls are kept; with each further one the oldest is dropped. The default is 1,000.</summary>
    public int MaxRecordedCalls { get; init; } = 1000;

    /// <summary>Hears of each step of opening and closing, on the thread that took it. The default is the cluster's listener.</summary>
    public IProgress<InterceptStep>? Progress { get; init; }
}
