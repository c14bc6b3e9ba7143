using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Replay;

/// <summary>Makes the steps of a trace with a driver, and compares the cluster with the model after each.</summary>
internal static class TraceReplay
{
    /// <summary>The first difference, told with the steps that led to it; null where there is none.</summary>
    public static async Task<string?> FirstDifferenceAsync(ModelTrace trace, IProtocolDriver driver, CancellationToken cancellationToken)
    {
        for (var index = 0; index < trace.Steps.Count; index++)
        {
            var (action, next) = trace.Steps[index];
            var soFar = new ModelTrace([.. trace.Steps.Take(index + 1)]);
            try
            {
                await driver.ApplyAsync(action, cancellationToken);
            }
            catch (InvalidOperationException exception)
            {
                return $"{exception.Message}{Environment.NewLine}{soFar}";
            }

            var expected = ClusterView.Of(next);
            var actual = await driver.ReadStateAsync(cancellationToken);
            if (actual != expected)
            {
                return $"Expected {expected}{Environment.NewLine}but found {actual}{Environment.NewLine}after{Environment.NewLine}{soFar}";
            }
        }

        return null;
    }
}
