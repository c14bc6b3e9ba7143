namespace Intercept.Engine.Tests.Tunnels;

internal static class WaitingExtensions
{
    /// <summary>Sends matched requests until an answer is as expected; the test's time-out ends it.</summary>
    public static async Task<Answer> SendUntilAsync(this TunnelRig rig, Func<Answer, bool> expected)
    {
        for (; ; )
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var answer = await rig.SendAsync();
            if (expected(answer))
            {
                return answer;
            }
        }
    }
}
