using System.Diagnostics;
using Intercept.Proxy.Contract;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Intercept.Engine.Tunnels;

/// <summary>Who attaches to a proxy, what it may claim, and how patient both ends are.</summary>
internal sealed record TunnelOptions
{
    /// <summary>Name of the Session object.</summary>
    public required string SessionName { get; init; }

    /// <summary>Uid of the Session object; none by default.</summary>
    public string? SessionUid { get; init; }

    /// <summary>The one exact rule that routes of this tunnel may have.</summary>
    public required HeaderRule Claim { get; init; }

    /// <summary>A header and the beginning of its values that routes may have too: for rules of single tests. None by default.</summary>
    public HeaderRule? TestClaim { get; init; }

    /// <summary>Name of the only Service port on which the routes take requests. The default is every HTTP port.</summary>
    public string? Port { get; init; }

    /// <summary>What matched requests get while the tunnel is lost. The default is <see cref="WhenLost.Fail"/>.</summary>
    public WhenLost WhenLost { get; init; }

    /// <summary>How long the proxy keeps the session's rules without a tunnel. The default is 30 seconds.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one attempt to attach: dial, hello, routes. The default is 15 seconds.</summary>
    public TimeSpan AttachTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a lost tunnel is dialled again before <see cref="Tunnel.Lost"/> fails. The default is 30 seconds.</summary>
    public TimeSpan ReattachLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause after the first failed attempt to re-attach; it doubles with each. The default is 50 milliseconds.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between attempts. The default is 2 seconds.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long either end may leave the other's ping unanswered. The default is 10 seconds, a day under a debugger: a
    /// process that stands at a breakpoint answers no ping.
    /// </summary>
    public TimeSpan PingTimeout { get; init; } = Debugger.IsAttached ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(10);

    /// <summary>The version of the contract to speak: for tests of what another version meets.</summary>
    public int Contract { get; init; } = ContractVersion.Current;

    /// <summary>Where Kestrel and the tunnel log. The default is nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
