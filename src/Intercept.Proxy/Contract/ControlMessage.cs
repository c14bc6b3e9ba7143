using System.Text.Json.Serialization;

namespace Intercept.Proxy.Contract;

/// <summary>One line from the proxy on the control stream.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "message")]
[JsonDerivedType(typeof(WelcomeMessage), "welcome")]
[JsonDerivedType(typeof(ControlReply), "reply")]
internal abstract record ControlMessage;

/// <summary>The first line after an attach.</summary>
/// <param name="Instance">A random id of this proxy process: another one after a restart.</param>
/// <param name="Pod">Name of the proxy's pod.</param>
/// <param name="Contract">The <see cref="ContractVersion"/> that the proxy speaks.</param>
/// <param name="Token">What the next attach has to show.</param>
internal sealed record WelcomeMessage(string Instance, string Pod, int Contract, string Token) : ControlMessage;

/// <summary>The outcome of a command: a problem, or what the command asks for.</summary>
internal sealed record ControlReply(int Id) : ControlMessage
{
    /// <summary>Why it was refused; null where it was done.</summary>
    public Problem? Problem { get; init; }

    /// <summary>For <see cref="RemoveRouteCommand"/>: how many requests were sent on this route through this tunnel.</summary>
    public int? Sent { get; init; }

    /// <summary>For <see cref="ProbeDecoyCommand"/>.</summary>
    public IReadOnlyList<DecoyPortReport>? Decoy { get; init; }

    /// <summary>For <see cref="ProbeServiceCommand"/>, in the order of the probes.</summary>
    public IReadOnlyList<ServiceProbeReport>? Probes { get; init; }

    /// <summary>For <see cref="StatusCommand"/>, <see cref="DrainCommand"/> and <see cref="DisconnectCommand"/>.</summary>
    public StatusReport? Status { get; init; }
}
