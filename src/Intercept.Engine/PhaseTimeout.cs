using System.Diagnostics;
using System.Globalization;

namespace Intercept.Engine;

/// <summary>Bounds one phase of an intercept, and tells what was seen where the time ran out.</summary>
internal static class PhaseTimeout
{
    private static readonly TimeSpan DescribePatience = TimeSpan.FromSeconds(8);

    /// <summary>Runs a phase; under a debugger it may take any time.</summary>
    /// <param name="what">The end of "did not happen: …".</param>
    /// <param name="option">The option that changes the time-out.</param>
    /// <param name="timeout">How long the phase may take.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="describe">What there is to see when the time is over.</param>
    /// <param name="cancellationToken">The caller's own cancellation.</param>
    public static async Task<T> RunAsync<T>(
        string what,
        string option,
        TimeSpan timeout,
        TimeProvider time,
        Func<CancellationToken, Task<T>> phase,
        Func<CancellationToken, Task<string>> describe,
        CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Debugger.IsAttached ? Timeout.InfiniteTimeSpan : timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await phase(linked.Token);
        }
        catch (OperationCanceledException exception) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new InterceptException(
                $"{what} within {seconds} s ({nameof(InterceptTimeouts)}.{option}). {await DescribeAsync(describe, time, cancellationToken)}", exception);
        }
    }

    /// <summary>What is asked may be what hangs.</summary>
    private static async Task<string> DescribeAsync(
        Func<CancellationToken, Task<string>> describe, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(DescribePatience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await describe(linked.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or InterceptException or Api.ApiException)
        {
            return $"What there is to see could not be read: {exception.Message}";
        }
    }
}
