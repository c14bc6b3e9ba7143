using System.Text.Json.Serialization;

namespace Intercept.Proxy.Contract;

/// <summary>One line from the proxy on the control stream.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "message")]
[JsonDerivedType(typeof(WelcomeMessage), "welcome")]
[JsonDerivedType(typeof(ControlReply), "reply")]
internal abstract class ControlMessage;

/// <summary>The first line after an attach.</summary>
internal sealed class WelcomeMessage(string instance, string pod, int contract, string token) : ControlMessage
{
    /// <summary>A random id of this proxy process: another one after a restart.</summary>
    public string Instance => instance;

    /// <summary>Name of the proxy's pod.</summary>
    public string Pod => pod;

    /// <summary>The <see cref="ContractVersion"/> that the proxy speaks.</summary>
    public int Contract => contract;

    /// <summary>What the next attach has to show.</summary>
    public string Token => token;
}

/// <summary>The outcome of a command: a problem, or what the command asks for.</summary>
internal sealed class ControlReply(int id) : ControlMessage
{
    /// <summary>The command's.</summary>
    public int Id => id;

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
