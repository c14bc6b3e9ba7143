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

    /// <summary>The longest that one request may take. KubernetesClient itself has no such limit.</summary>
    public static TimeSpan RequestTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request that fails is sent again.</summary>
    public static TimeSpan Budget { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Sends until there is an answer that stands.</summary>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        RunAsync(send, cancellationToken, cancellationToken);

    /// <summary>
    /// The same for a write, which the caller's cancellation does not cut off: one that was given up in flight might still be
    /// applied after its undoing.
    /// </summary>
    public Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        RunAsync(send, CancellationToken.None, cancellationToken);

    private async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> send, CancellationToken inFlight, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var begun = time.GetTimestamp();
        for (var delay = FirstDelay; ; delay = Min(delay * 2, LongestDelay))
        {
            try
            {
                using var timeout = new CancellationTokenSource(RequestTimeout, time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, inFlight);
                return await send(linked.Token);
            }
            catch (ApiException exception) when (IsTransient(exception) && time.GetElapsedTime(begun) < Budget)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            // Many engines may have been cut off by the same event; the jitter spreads their return.
            await Task.Delay(delay * (0.5 + jitter.NextDouble()), time, cancellationToken);
        }
    }

    private static bool IsTransient(ApiException exception) => exception.Status switch
    {
        null => true,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => true,
        >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => true,
        _ => false,
    };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
