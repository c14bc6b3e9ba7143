using System.Collections.Concurrent;
using System.Net;

namespace Intercept.Engine.Api;

/// <summary>
/// When a request is sent again. Every write of the engine is safe to repeat: creations answer AlreadyExists, patches and
/// deletions carry uid and resourceVersion.
/// </summary>
internal sealed class ApiRetry(TimeProvider time, Random jitter)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    // What was allowed once: an API server that restarts, or a token that is being renewed, refuses it for a moment.
    private readonly ConcurrentDictionary<string, bool> _granted = new(StringComparer.Ordinal);

    /// <summary>The longest that one request may take. KubernetesClient itself has no such limit.</summary>
    public static TimeSpan RequestTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request that fails is sent again.</summary>
    public static TimeSpan Budget { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a request is sent again that is refused although the like of it was granted before.</summary>
    public static TimeSpan RefusalBudget { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Sends until there is an answer that stands.</summary>
    /// <param name="right">What the request needs: verb and resource.</param>
    /// <param name="send">One attempt.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public Task<T> RunAsync<T>(string right, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        RunAsync(right, send, cancellationToken, cancellationToken);

    /// <summary>
    /// The same for a write, which the caller's cancellation does not cut off: one that was given up in flight might still be
    /// applied after its undoing.
    /// </summary>
    public Task<T> RunWriteAsync<T>(string right, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        RunAsync(right, send, CancellationToken.None, cancellationToken);

    private async Task<T> RunAsync<T>(
        string right, Func<CancellationToken, Task<T>> send, CancellationToken inFlight, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var begun = time.GetTimestamp();
        for (var delay = FirstDelay; ; delay = Min(delay * 2, LongestDelay))
        {
            var pause = TimeSpan.Zero;
            try
            {
                using var timeout = new CancellationTokenSource(RequestTimeout, time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, inFlight);
                var answer = await send(linked.Token);
                _granted[right] = true;
                return answer;
            }
            catch (ApiException exception) when (time.GetElapsedTime(begun) < BudgetFor(exception, right))
            {
                cancellationToken.ThrowIfCancellationRequested();
                pause = exception.RetryAfter;
            }

            // Many engines may have been cut off by the same event; the jitter spreads their return.
            await Task.Delay(Max(pause, delay * (0.5 + jitter.NextDouble())), time, cancellationToken);
        }
    }

    private TimeSpan BudgetFor(ApiException exception, string right) => exception.Status switch
    {
        null => Budget,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => Budget,
        >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => Budget,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when _granted.ContainsKey(right) => RefusalBudget,
        _ => TimeSpan.Zero,
    };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
