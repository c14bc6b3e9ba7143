using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Engine.Journal;
using Intercept.Engine.Keeping;
using Intercept.Engine.Opening;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine;

/// <summary>One open intercept: a participant on a Service, with its tunnel and its routes.</summary>
internal sealed class Interception : IAsyncDisposable
{
    private readonly ServiceScope _scope;
    private readonly InterceptPlan _plan;
    private readonly V1Service _service;
    private readonly SessionResource _session;
    private readonly TunnelConnection _connection;
    private readonly SessionKeeper _keeper;
    private readonly StepLog _log;
    private readonly Lock _lock = new();
    private readonly Task _afterLoss;
    private Task? _closing;

    public Interception(
        ServiceScope scope, InterceptPlan plan, V1Service service, SessionResource session, TunnelConnection connection, SessionKeeper keeper, StepLog log)
    {
        _scope = scope;
        _plan = plan;
        _service = service;
        _session = session;
        _connection = connection;
        _keeper = keeper;
        _log = log;
        log.Add($"{plan.Service} is intercepted for {plan.Rule}");
        _afterLoss = CloseAfterLossAsync();
    }

    /// <summary>The Service in front of which this intercept stands.</summary>
    public ServiceReference Service => _plan.Service;

    /// <summary>Name of the Session object, in the Service's namespace.</summary>
    public string SessionName => _session.Metadata.Name;

    /// <summary>The rule that the intercept was opened with.</summary>
    public HeaderRule Rule => _plan.Rule;

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
    public Task CloseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A close that failed may be tried again: every step of it is idempotent.
            return _closing is null or { IsFaulted: true } or { IsCanceled: true } ? _closing = RunCloseAsync(cancellationToken) : _closing;
        }
    }

    /// <summary>
    /// Closes within <see cref="InterceptTimeouts.Close"/>. Never throws, so that it can't mask a test's own failure: what could
    /// not be undone is reported as a step.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is InterceptException or OperationCanceledException)
        {
            _log.Add(exception.Message);
        }

        await _afterLoss;
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
            }
            catch (InterceptException exception)
            {
                // The disposal tries again, and reports what it can't undo.
                _log.Add(exception.Message);
            }
        }
    }

    private async Task RunCloseAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_plan.Timeouts.Close, _scope.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _keeper.BeginClosingAsync();
            await new Teardown(_scope, _plan.Timeouts, _log).RunAsync(_session, _service, _connection, byOther: false, linked.Token);
        }
        catch (Exception exception) when (exception is ApiException or OperationCanceledException or InterceptException)
        {
            throw new InterceptException(
                $"""
                The intercept of {Service} could not be closed completely.
                {await Leftovers.DescribeAsync(_scope, exception)}
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
