using System.Net;

namespace Intercept.Engine.Tests.Tunnels;

internal static class WaitingExtensions
{
    /// <summary>Sends matched requests until an answer is as expected; the test's time-out ends it.</summary>
    public static async Task<Answer> SendUntilAsync(this TunnelRig rig, Func<Answer, bool> expected, string value = "1")
    {
        for (; ; )
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var answer = await rig.SendAsync(value: value);
            if (expected(answer))
            {
                return answer;
            }
        }
    }

    /// <summary>
    /// The first answer that is not 502: a request that the proxy sent before it noticed the cut is lost with the tunnel,
    /// as it must be, and says nothing about the requests after it.
    /// </summary>
    public static Task<Answer> SendAfterCutAsync(this TunnelRig rig, string value = "1") =>
        rig.SendUntilAsync(answer => answer is not { Status: HttpStatusCode.BadGateway, Error: "tunnel-lost" }, value);
}
