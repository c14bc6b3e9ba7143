using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Readiness;

/// <summary>
/// The proxy connects to the original pods through the decoy before anything is hijacked: trouble with a NetworkPolicy or a mesh
/// shows here.
/// </summary>
internal static class DecoyProof
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the proxy reaches every port: names and rules of a new Service take a moment to reach its node.</summary>
    public static async Task<DecoyProbe> RunAsync(IProxyLink link, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var probe = await link.ProbeDecoyAsync(cancellationToken);
            if (probe.Succeeded)
            {
                return probe;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>What the proxy found, port by port, and what to look at.</summary>
    public static string Describe(DecoyProbe probe)
    {
        var ports = probe.Ports.Select(port => $"{port.Target} {(port.Error is null ? "answers" : $"does not: {port.Error}")}");
        return $"{string.Join("; ", ports)}. Look for a NetworkPolicy that keeps the interceptor pod from the original ones, or a mesh that demands mTLS.";
    }
}
