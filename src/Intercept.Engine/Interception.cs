using Microsoft.AspNetCore.Http;

namespace Intercept.Engine;

/// <summary>One open intercept: a participant on a Service, with its tunnel and its routes.</summary>
internal sealed class Interception : IAsyncDisposable
{
    /// <summary>The Service in front of which this intercept stands.</summary>
    public required ServiceReference Service { get; init; }

    /// <summary>Name of the Session object, in the Service's namespace.</summary>
    public required string SessionName { get; init; }

    /// <summary>The rule that the intercept was opened with.</summary>
    public required HeaderRule Rule { get; init; }

    /// <summary>What was done when, and how long the data path took to switch.</summary>
    public required IReadOnlyList<InterceptStep> Timeline { get; init; }

    /// <summary>Completes, with an <see cref="InterceptException"/>, when the intercept was lost while it was open.</summary>
    public Task Lost => throw new NotSupportedException();

    /// <summary>A rule with a fresh value under the prefix that this intercept claims, for one test of its own.</summary>
    public HeaderRule CreateTestRule() => throw new NotSupportedException();

    /// <summary>
    /// Routes requests that match <paramref name="rule"/> (from <see cref="CreateTestRule"/>) to <paramref name="handler"/>
    /// through the same tunnel, until the route is disposed. Nothing is written to the cluster.
    /// </summary>
    public Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{rule} {handler} {cancellationToken}");

    /// <summary>Closes in the order of docs/architecture.md; idempotent.</summary>
    /// <exception cref="InterceptException">Something could not be undone; the message lists it.</exception>
    public Task CloseAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{cancellationToken}");

    /// <summary>Closes within the plan's close time-out; never throws, so that it can't mask a test's own failure.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
