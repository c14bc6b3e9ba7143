using System.Collections.Concurrent;
using Intercept.Testing.Recording;
using Intercept.Testing.Sessions;
using Intercept.Testing.Targets;

namespace Intercept.Testing;

/// <summary>
/// One open intercept, or one test's share of it: a header value, the target that answers the requests which carry it,
/// and the record of these calls. All members may be used from several threads.
/// </summary>
public sealed class InterceptSession : IAsyncDisposable
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    private readonly SessionScope _scope;
    private readonly IRunningTarget _target;
    private readonly bool _ownsTarget;
    private readonly CallLog _log;
    private readonly IAsyncDisposable? _route;
    private readonly ConcurrentDictionary<InterceptSession, byte> _tests = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _watch;
    private int _released;

    internal InterceptSession(SessionScope scope, HeaderRule rule, IRunningTarget target, bool ownsTarget, CallLog log, IAsyncDisposable? route)
    {
        (_scope, Header, _target, _ownsTarget, _log, _route) = (scope, rule, target, ownsTarget, log, route);
        _watch = WatchAsync();
    }

    /// <summary>The name of the Session object in the cluster. Tests that share an intercept share it.</summary>
    public string Id => _scope.Interception.SessionName;

    /// <summary>The intercepted Service.</summary>
    public ServiceReference Service => _scope.Interception.Service;

    /// <summary>The header that marks this session's requests.</summary>
    public HeaderRule Header { get; }

    /// <summary>The marking header's name; empty where all traffic is taken.</summary>
    public string HeaderName => Header.Name;

    /// <summary>The marking header's value; empty where all traffic is taken.</summary>
    public string HeaderValue => Header.Value;

    /// <summary>
    /// The calls so far, in order of arrival, as they are at this moment. A call shows up when its head has arrived, with
    /// <see cref="RecordedCall.Completed"/> false, and is completed when the target is done with it; each reading of this
    /// property takes a new picture.
    /// </summary>
    public IReadOnlyList<RecordedCall> Calls => _log.Snapshot();

    /// <summary>How many calls were dropped from <see cref="Calls"/> because there were more than <see cref="InterceptOptions.MaxRecordedCalls"/>.</summary>
    public int DroppedCalls => _log.Dropped;

    /// <summary>What was done when, since the intercept began to open.</summary>
    public IReadOnlyList<InterceptStep> Timeline => _scope.Interception.Timeline;

    /// <summary>
    /// The kubectl commands for sh, a line each, that undo the intercept by hand while it is the only one on its Service. Where others
    /// take part, or somebody has edited the Service, the first command fails and nothing is changed: take
    /// <see cref="ResidueReport.Undo"/> of <see cref="InterceptCluster.GetResidueAsync"/> then.
    /// </summary>
    public IReadOnlyList<string> Undo => _scope.Interception.Undo;

    /// <summary>Fails with an <see cref="InterceptException"/> when the intercept was lost while it was open: somebody took the Service back, or the cluster can't be reached any more.</summary>
    public Task Lost => _scope.Interception.Lost;

    /// <summary>The first completed call for which the predicate holds; one that has come before counts too.</summary>
    /// <param name="predicate">Which call is meant; any where null.</param>
    /// <param name="timeout">How long to wait. The default is 10 seconds; under a debugger there is no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InterceptException">No such call came in time, and the message shows those that did; or the intercept was lost or closed.</exception>
    public async Task<RecordedCall> WaitForCallAsync(
        Func<RecordedCall, bool>? predicate = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await _log.WaitAsync(1, completedOnly: true, predicate, timeout ?? DefaultWait, cancellationToken))[0];

    /// <summary>The first <paramref name="count"/> completed calls for which the predicate holds, as soon as there are so many.</summary>
    /// <param name="count">How many calls, at most <see cref="InterceptOptions.MaxRecordedCalls"/>.</param>
    /// <param name="predicate">Which calls are meant; any where null.</param>
    /// <param name="timeout">How long to wait. The default is 10 seconds; under a debugger there is no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InterceptException">Fewer came in time, and the message shows those that did; or the intercept was lost or closed.</exception>
    public Task<IReadOnlyList<RecordedCall>> WaitForCallsAsync(
        int count, Func<RecordedCall, bool>? predicate = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _log.WaitAsync(count, completedOnly: true, predicate, timeout ?? DefaultWait, cancellationToken);

    /// <summary>Like <see cref="WaitForCallAsync"/>, but doesn't wait for the call's completion: for streams, WebSockets and calls that hang.</summary>
    /// <param name="predicate">Which call is meant; any where null.</param>
    /// <param name="timeout">How long to wait. The default is 10 seconds; under a debugger there is no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InterceptException">No such call came in time, and the message shows those that did; or the intercept was lost or closed.</exception>
    public async Task<RecordedCall> WaitForArrivalAsync(
        Func<RecordedCall, bool>? predicate = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (await _log.WaitAsync(1, completedOnly: false, predicate, timeout ?? DefaultWait, cancellationToken))[0];

    /// <summary>
    /// A client of a Service in the cluster whose requests carry this session's header. Its connections are port-forwards to a
    /// ready pod behind that Service. The caller disposes it.
    /// </summary>
    /// <param name="service">The Service, as <c>namespace/name</c>.</param>
    /// <param name="port">The Service's port. The default is its first.</param>
    /// <exception cref="FormatException">The text does not name a Service.</exception>
    public HttpClient CreateClient(string service, int? port = null) => _scope.Clients.Create(service, port, Header);

    /// <summary>
    /// A share of this intercept for one test: a header value, a target and a record of its own, through the same hijack and
    /// tunnel. Nothing is written to the cluster, so it takes milliseconds; any number may be open at once.
    /// </summary>
    /// <param name="target">What answers this test's requests. The default is this session's target.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<InterceptSession> BeginTestAsync(InterceptTarget? target = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        var running = target?.Start() ?? _target;
        try
        {
            var rule = _scope.Interception.CreateTestRule();
            var log = _scope.CreateLog(rule);
            var route = await _scope.Interception.AddRouteAsync(rule, RequestPipeline.Create(log, running), cancellationToken);
            var test = new InterceptSession(_scope, rule, running, ownsTarget: target is not null, log, route);
            _tests.TryAdd(test, default);
            return test;
        }
        catch when (target is not null)
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends the session: its requests in flight finish, and, where it is the last on its Service, the Service and the cluster are
    /// as they were. A test's share only gives back its header value. Closing twice is closing once.
    /// </summary>
    /// <exception cref="InterceptException">Something could not be undone; the message lists it.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(_tests.Keys.Select(test => test.CloseAsync(cancellationToken)));
        await (_route is null
            ? _scope.Interception.CloseAsync(cancellationToken)
            : _route.DisposeAsync().AsTask().WaitAsync(cancellationToken));
        await ReleaseAsync();
    }

    /// <summary>Like <see cref="CloseAsync"/> within <see cref="InterceptTimeouts.Close"/>, but never throws, so that it can't hide a test's own failure; what went wrong is reported as a step.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_tests.Keys.Select(test => test.DisposeAsync().AsTask()));
        try
        {
            await (_route ?? _scope.Interception).DisposeAsync().AsTask().WaitAsync(_scope.CloseTimeout, _scope.Time);
        }
        catch (Exception e)
        {
            _scope.Report($"disposing the session on {Service} failed: {e.Message}");
        }

        try
        {
            await ReleaseAsync();
        }
        catch (Exception e)
        {
            _scope.Report($"disposing the target of the session on {Service} failed: {e.Message}");
        }
    }

    private async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _released, 1) == 1)
        {
            return;
        }

        _log.End(new InterceptException($"The session on {Service} with {Header} was closed."));
        await _closed.CancelAsync();
        await _watch;
        if (_ownsTarget)
        {
            await _target.DisposeAsync();
        }

        _scope.Forget(this);
    }

    private async Task WatchAsync()
    {
        try
        {
            await Lost.WaitAsync(_closed.Token);
        }
        catch (OperationCanceledException)
        {
            // Closed in good order.
        }
        catch (Exception e)
        {
            _log.End(e);
        }
    }
}
