using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Engine.Guarding;
using Intercept.Engine.Journal;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Watchdog;

/// <summary>Closes one intercept of a test process that has ended.</summary>
internal sealed class Closer(ClusterConnection cluster, GuardedOpening opening, IProgress<string> log, TimeProvider time)
{
    /// <summary>What the test process sent last may be done by the API server after its end.</summary>
    private static readonly TimeSpan LateWrites = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly InterceptTimeouts Timeouts = new();

    private readonly ServiceScope _scope = new(cluster.Api, ServiceReference.Parse(opening.Service), time);
    private SessionResource? _session;

    /// <summary>Opens the connection, and lets the runtime compile what the real thing needs. Failures are of no interest yet.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadServiceAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ApiException or InterceptException or OperationCanceledException)
        {
            // The close will meet it again, and tell.
        }
    }

    /// <summary>Closes, again and again until it succeeds or is cancelled; then looks once more for writes that came late.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!await PersistAsync(CloseAsync, cancellationToken))
        {
            return false;
        }

        await Task.Delay(LateWrites, time, CancellationToken.None);
        return await PersistAsync(CloseLateAsync, cancellationToken);
    }

    private async Task<bool> PersistAsync(Func<CancellationToken, Task> close, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await close(cancellationToken);
                return true;
            }
            catch (Exception exception) when (exception is ApiException or InterceptException or OperationCanceledException)
            {
                log.Report($"{opening.Service}: {exception.Message}");
                if (cancellationToken.IsCancellationRequested)
                {
                    return false;
                }
            }

            await Task.Delay(pause, time, CancellationToken.None);
        }
    }

    /// <summary>The Service itself is safe since the first close changed it: a write that was made for its old version fails.</summary>
    private async Task CloseLateAsync(CancellationToken cancellationToken)
    {
        if (await _scope.Journal.FindAsync(opening.Nonce, cancellationToken) is not null
            || (_session is not null && await HasClaimsAsync(_session.Participant, cancellationToken)))
        {
            await CloseAsync(cancellationToken);
        }
    }

    private async Task<bool> HasClaimsAsync(Participant participant, CancellationToken cancellationToken) =>
        await _scope.ConfigMap.FindClaimedAsync(participant, cancellationToken) is not null
        || await _scope.Deployment.FindClaimedAsync(participant, cancellationToken) is not null
        || await _scope.Decoy.FindClaimedAsync(participant, cancellationToken) is not null;

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        _session = await _scope.Journal.FindAsync(opening.Nonce, cancellationToken) ?? _session;
        using var timeout = new CancellationTokenSource(Timeouts.Close, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var service = await ReadServiceAsync(linked.Token);
        var steps = new StepLog(time, new Steps(log));
        if (_session is null)
        {
            // It was never written, or somebody deleted it: then it is among the participants that have none.
            if (service is not null)
            {
                await new Orphans(_scope, Timeouts, steps).CloseAsync(service, cluster.ConnectProxy, SweepScope.DeadForCertain, linked.Token);
            }

            return;
        }

        await new Teardown(_scope, Timeouts, steps, cluster.ConnectProxy)
            .RunAsync(ClosingTarget.Of(_session), service ?? new V1Service(), connection: null, byOther: true, linked.Token);
    }

    private Task<V1Service?> ReadServiceAsync(CancellationToken cancellationToken) =>
        _scope.Api.FindAsync<V1Service>(_scope.Service.Namespace, _scope.Service.Name, cancellationToken);

    private sealed class Steps(IProgress<string> log) : IProgress<InterceptStep>
    {
        public void Report(InterceptStep value) => log.Report(value.Text);
    }
}
