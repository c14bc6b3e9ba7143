using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Engine.Guarding;
using Intercept.Engine.Inventory;
using Intercept.Engine.Journal;
using Intercept.Engine.Keeping;
using Intercept.Engine.Opening;
using Intercept.Proxy.Protocol;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine;

/// <summary>One open intercept: a participant on a Service, with its tunnel and its routes.</summary>
internal sealed class Interception : IAsyncDisposable
{
    // Half of what the restore may take when a signal ends the process.
    private static readonly TimeSpan ExitDrain = TimeSpan.FromSeconds(1);

    private readonly ServiceScope _scope;
    private readonly InterceptPlan _plan;
    private readonly V1Service _service;
    private readonly SessionResource _session;
    private readonly TunnelConnection _connection;
    private readonly SessionKeeper _keeper;
    private readonly StepLog _log;
    private readonly GuardedIntercept _guarded;
    private readonly Lock _lock = new();
    private readonly Task _afterLoss;
    private Task? _closing;

    public Interception(
        ServiceScope scope,
        InterceptPlan plan,
        V1Service service,
        SessionResource session,
        TunnelConnection connection,
        SessionKeeper keeper,
        StepLog log,
        GuardedIntercept guarded)
    {
        _scope = scope;
        _plan = plan;
        _service = service;
        _session = session;
        _connection = connection;
        _keeper = keeper;
        _log = log;
        _guarded = guarded;
        log.Add($"{plan.Service} is intercepted for {plan.Rule}");
        _afterLoss = CloseAfterLossAsync();
    }

    /// <summary>The Service in front of which this intercept stands.</summary>
    public ServiceReference Service => _plan.Service;

    /// <summary>Name of the Session object, in the Service's namespace.</summary>
    public string SessionName => _session.Metadata.Name;

    /// <summary>The rule that the intercept was opened with.</summary>
    public HeaderRule Rule => _plan.Rule;

    /// <summary>The Service's routing from before any intercept.</summary>
    public ServiceRouting Original => _session.Spec.Original;

    /// <summary>The kubectl commands that undo this intercept by hand while it is the only one on its Service, a line each.</summary>
    public IReadOnlyList<string> Undo => UndoScript.Create(_session);

    /// <summary>What was done when.</summary>
    public IReadOnlyList<InterceptStep> Timeline => _log.Steps;

    /// <summary>Completes, with an <see cref="InterceptException"/>, when the intercept was lost while it was open.</summary>
    public Task Lost => _keeper.Lost;

    /// <summary>A rule with a fresh value under the prefix that this intercept claims, for one test of its own.</summary>
    public HeaderRule CreateTestRule() => _session.Spec.Claim.CreateTestRule();

    /// <summary>
    /// Routes requests that match <paramref name="rule"/> (from <see cref="CreateTestRule"/>) to <paramref name="handler"/>
    /// through the same tunnel, until the route is disposed. Nothing is written to the cluster.
    /// </summary>
    public Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken) =>
        _connection.Link.AddRouteAsync(rule, handler, cancellationToken);

    /// <summary>Closes in the order of docs/architecture.md; idempotent.</summary>
    /// <exception cref="InterceptException">Something could not be undone; the message lists it.</exception>
    public Task CloseAsync(CancellationToken cancellationToken) => CloseAsync(_plan.Timeouts, cancellationToken);

    /// <summary>
    /// Closes because the process is about to end: the restore comes first, requests in flight get what is left of the time.
    /// Never throws; a close that was begun before goes on as it was begun.
    /// </summary>
    public Task CloseBeforeExitAsync() => CloseQuietlyAsync(
        _plan.Timeouts with { Drain = ExitDrain < _plan.Timeouts.Drain ? ExitDrain : _plan.Timeouts.Drain });

    private Task CloseAsync(InterceptTimeouts timeouts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A close that failed may be tried again: every step of it is idempotent.
            return _closing is null or { IsFaulted: true } or { IsCanceled: true } ? _closing = RunCloseAsync(timeouts, cancellationToken) : _closing;
        }
    }

    /// <summary>
    /// Closes within <see cref="InterceptTimeouts.Close"/>. Never throws, so that it can't mask a test's own failure: what could
    /// not be undone is reported as a step.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await CloseQuietlyAsync(_plan.Timeouts);
        await _afterLoss;
    }

    private async Task CloseQuietlyAsync(InterceptTimeouts timeouts)
    {
        try
        {
            await CloseAsync(timeouts, CancellationToken.None);
        }
        catch (Exception exception) when (exception is InterceptException or OperationCanceledException)
        {
            _log.Add(exception.Message);
        }
    }

    /// <summary>What is lost is closed at once: the Service shall not wait for its test to end.</summary>
    private async Task CloseAfterLossAsync()
    {
        try
        {
            await _keeper.Lost;
        }
        catch (InterceptException lost)
        {
            _log.Add($"lost: {lost.Message}");
            try
            {
                await CloseAsync(CancellationToken.None);
                await new Orphans(_scope, _plan.Timeouts, _log).CloseBrokenAsync(_service, CancellationToken.None);
            }
            catch (Exception exception) when (exception is InterceptException or ApiException)
            {
                // The disposal tries again, and reports what it can't undo.
                _log.Add(exception.Message);
            }
        }
    }

    private async Task RunCloseAsync(InterceptTimeouts timeouts, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(timeouts.Close, _scope.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _keeper.BeginClosingAsync();
            await new Teardown(_scope, timeouts, _log).RunAsync(ClosingTarget.Of(_session), _service, _connection, byOther: false, linked.Token);
            await _guarded.ReleaseAsync(isClean: true);
        }
        catch (Exception exception) when (exception is ApiException or OperationCanceledException or InterceptException)
        {
            await _guarded.ReleaseAsync(isClean: false);
            throw new InterceptException(
                $"""
                The intercept of {Service} could not be closed completely.
                {await Leftovers.DescribeAsync(_scope, exception, _session)}
                Timeline:
                {_log}
                """,
                exception);
        }
        finally
        {
            await _keeper.DisposeAsync();
        }
    }
}
