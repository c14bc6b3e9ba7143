using Intercept.Engine.Tunnels;

namespace Intercept.Engine.Readiness;

/// <summary>Whether the proxy's pod sees all that it has to close when nobody else does.</summary>
internal static class ReaperReadiness
{
    private const string Ready = "on";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until it does.</summary>
    public static async Task<bool> WaitAsync(IProxyLink link, TimeProvider time, CancellationToken cancellationToken)
    {
        while ((await link.GetStatusAsync(cancellationToken)).Reaper != Ready)
        {
            await Task.Delay(Poll, time, cancellationToken);
        }

        return true;
    }

    /// <summary>What keeps it from it.</summary>
    public static async Task<string> DescribeAsync(IProxyLink link, CancellationToken cancellationToken) =>
        $"It says: {(await link.GetStatusAsync(cancellationToken)).Reaper}.";
}
