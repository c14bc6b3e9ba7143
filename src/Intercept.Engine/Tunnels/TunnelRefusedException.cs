using Intercept.Proxy.Contract;

namespace Intercept.Engine.Tunnels;

/// <summary>The proxy said no to a hello or a command.</summary>
internal sealed class TunnelRefusedException(Problem problem) : InterceptException($"The proxy refused: {problem.Message} {problem.Advice}")
{
    /// <summary>Why.</summary>
    public Problem Problem => problem;
}
