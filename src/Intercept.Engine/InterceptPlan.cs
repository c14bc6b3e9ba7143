using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine;

/// <summary>What an intercept shall be.</summary>
internal sealed record InterceptPlan
{
    /// <summary>The Service to intercept.</summary>
    public required ServiceReference Service { get; init; }

    /// <summary>Which requests to take.</summary>
    public required HeaderRule Rule { get; init; }

    /// <summary>Answers the requests that are taken. The context is Kestrel's own: all its features work.</summary>
    public required RequestDelegate Handler { get; init; }

    /// <summary>Name or number of the only Service port to intercept; all HTTP ports where null.</summary>
    public string? Port { get; init; }

    /// <summary>What matched requests get while the test process can't be reached.</summary>
    public WhenLost WhenLost { get; init; } = WhenLost.Fail;

    /// <summary>What to do where somebody else leads the Service back.</summary>
    public WhenReverted WhenReverted { get; init; } = WhenReverted.Yield;

    /// <summary>What to do where others intercept the Service already.</summary>
    public WhenBusy WhenBusy { get; init; } = WhenBusy.Join;

    /// <summary>How the Service selects the proxy's pods.</summary>
    public SelectorStyle SelectorStyle { get; init; } = SelectorStyle.Auto;

    /// <summary>How long the others wait for a heartbeat before they close this intercept.</summary>
    public TimeSpan TimeToLive { get; init; } = Debugger.IsAttached ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(30);

    /// <summary>Whether the proxy's pod closes this intercept when its holder gives no sign of life any more.</summary>
    public bool Reaper { get; init; } = true;

    /// <summary>Whether not to open at all where the proxy's pod can't have the rights that this takes.</summary>
    public bool RequireSelfHealing { get; init; }

    /// <summary>Image of the interceptor pod.</summary>
    public string ProxyImage { get; init; } = InterceptDefaults.ProxyImage;

    /// <summary>How long each phase may take.</summary>
    public InterceptTimeouts Timeouts { get; init; } = new();

    /// <summary>An entry through which a marked request must reach the handler before the intercept counts as open; none where null.</summary>
    public EntryPoint? ProveThrough { get; init; }

    /// <summary>Who holds the intercept, for people who find it in the cluster: usually the test or fixture class.</summary>
    public string? Holder { get; init; }
}
