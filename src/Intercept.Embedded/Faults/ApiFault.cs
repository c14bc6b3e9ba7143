using System.Net;
using Intercept.Embedded.Faults.Kinds;

namespace Intercept.Embedded.Faults;

/// <summary>Something that goes wrong with a call of the Kubernetes API.</summary>
public abstract record ApiFault
{
    private protected ApiFault()
    {
    }

    /// <summary>Answers with a failure, with the Status that a real API server gives for it.</summary>
    /// <param name="status">For instance 401, 403, 404, 409, 410, 422, 429, 500, 503, 504.</param>
    /// <param name="phase">Whether the call is applied all the same.</param>
    /// <param name="retryAfter">The Retry-After header, in whole seconds; null for none.</param>
    /// <param name="message">The Status' message; null for the one that a real server gives.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is no failure.</exception>
    public static ApiFault Fail(HttpStatusCode status, ApiCallPhase phase = ApiCallPhase.Before, TimeSpan? retryAfter = null, string? message = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)status, 400, nameof(status));
        return new FailedCall(status, phase, retryAfter, message);
    }

    /// <summary>Cuts the connection. <see cref="ApiCallPhase.After"/> is the lost reply: the call is applied, and its client can't know.</summary>
    /// <param name="phase">Whether the call is applied.</param>
    public static ApiFault Cut(ApiCallPhase phase = ApiCallPhase.Before) => new CutCall(phase);

    /// <summary>Holds the call until <see cref="InjectedFault.Release"/>; then it goes on, if its client has had the patience.</summary>
    /// <param name="phase">Whether the call is held, or the answer to it.</param>
    public static ApiFault Hang(ApiCallPhase phase = ApiCallPhase.Before) => new HeldCall(null, phase);

    /// <summary>Holds the call for a time of the cluster's clock, or until <see cref="InjectedFault.Release"/>.</summary>
    /// <param name="time">How long.</param>
    /// <param name="phase">Whether the call is held, or the answer to it.</param>
    public static ApiFault Delay(TimeSpan time, ApiCallPhase phase = ApiCallPhase.Before) => new HeldCall(time, phase);

    /// <summary>
    /// Holds the call until <see cref="InjectedFault.Release"/> and applies it then even if its client has long given it up: the
    /// write that arrives when nobody reckons with it.
    /// </summary>
    public static ApiFault ArriveLate() => new LateCall();

    /// <summary>Answers a get or list from an earlier state, as a cache that lags behind does.</summary>
    /// <param name="changes">
    /// How many changes ago: of that very object for a get, of all that the list could show (its kind, in its namespace) for a list. Where
    /// there were fewer, the state before the first of them.
    /// </param>
    public static ApiFault ReadStale(int changes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(changes, 1);
        return new StaleCall(changes, null);
    }

    /// <summary>Answers a get or list from the state of a moment.</summary>
    /// <param name="moment">What <see cref="ApiFaults.TakeMoment"/> gave.</param>
    public static ApiFault ReadFrom(ApiMoment moment) => new StaleCall(0, moment);

    /// <summary>Keeps an event from a watch, which goes on with the next one.</summary>
    public static ApiFault DropWatchEvent() => new WatchEventFault(WatchEventFate.Dropped);

    /// <summary>Sends an event of a watch twice.</summary>
    public static ApiFault DoubleWatchEvent() => new WatchEventFault(WatchEventFate.Doubled);

    /// <summary>Ends a watch in place of an event, as a watch ends whose time is over.</summary>
    public static ApiFault EndWatch() => new WatchEventFault(WatchEventFate.Ended);

    /// <summary>Answers a watch as one from a version that is forgotten: 200, and an ERROR event with the Status 410 Expired.</summary>
    public static ApiFault ExpireWatch() => new ExpiredWatch();

    /// <summary>Whether this can happen to a call at all.</summary>
    internal abstract bool Concerns(ApiCall call);

    internal abstract Task ApplyAsync(FaultedCall call);
}
