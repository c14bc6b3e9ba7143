using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Engine.Guarding;
using Intercept.Engine.Journal;
using Intercept.Engine.Keeping;
using Intercept.Engine.Preflight;
using Intercept.Engine.Readiness;
using Intercept.Engine.Records;
using Intercept.Engine.Residue;
using k8s.Models;

namespace Intercept.Engine.Opening;

/// <summary>
/// Opens one intercept: journal, proxy, decoy, tunnel, hijack, proof, strictly in this order. Whatever fails or is cancelled,
/// the same teardown that closes an intercept undoes what was done.
/// </summary>
internal sealed class OpeningSequence(ClusterConnection cluster, ServiceScope scope, InterceptPlan plan, StepLog log, ProcessGuard guard)
{
    private readonly Admission _admission = new(scope, plan);
    private readonly SelfHealing _selfHealing = new(scope, plan, guard.Layers, log);
    private GuardedIntercept? _guarded;
    private V1Service? _service;
    private SessionResource? _draft;
    private SessionResource? _session;
    private SessionKeeper? _keeper;
    private TunnelConnection? _connection;

    /// <summary>Opens; either the intercept stands and is proven, or nothing of it is left.</summary>
    public async Task<Interception> RunAsync(CancellationToken cancellationToken)
    {
        _guarded = guard.Begin(plan.Service, log);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _guarded.Ending);
        try
        {
            await PreflightAsync(linked.Token);
            await WriteJournalAsync(linked.Token);
            await _keeper!.GuardAsync(HijackAsync, linked.Token);
            await _keeper.GuardAsync(ProveAsync, linked.Token);
            return _guarded.Opened(new Interception(scope, plan, _service!, _session!, _connection!, _keeper, log, _guarded));
        }
        catch (Exception exception)
        {
            var left = await RollBackAsync();
            await _guarded.ReleaseAsync(isClean: left is null);
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested && left is null)
            {
                throw;
            }

            throw OpeningFailure.Create(plan, exception, left, log);
        }
    }

    private async Task PreflightAsync(CancellationToken cancellationToken)
    {
        _service = await ServicePreflight.ReadAsync(scope.Api, plan, cancellationToken);
        if (guard.Layers.Sweep && await SweepAsync(_service, cancellationToken))
        {
            _service = await ServicePreflight.ReadAsync(scope.Api, plan, cancellationToken);
        }

        var draft = await DraftAsync(cancellationToken);
        while (_service.ReadRecord() is { } record && !await _admission.AdmitAsync(record, draft.Spec.Claim, cancellationToken))
        {
            _service = await ServicePreflight.ReadAsync(scope.Api, plan, cancellationToken);
            draft = await DraftAsync(cancellationToken);
        }

        _draft = draft;
        log.Add($"{plan.Service} can be intercepted for {plan.Rule}");
    }

    /// <summary>Closes what others have left on this Service; whether there was something.</summary>
    private async Task<bool> SweepAsync(V1Service service, CancellationToken cancellationToken)
    {
        var orphans = await new Orphans(scope, plan.Timeouts, log).CloseAsync(service, cluster.ConnectProxy, SweepScope.Dead, cancellationToken);
        return await AbandonedOwnership.ClearAsync(scope, service, cancellationToken) || orphans.Count > 0;
    }

    private async Task<SessionResource> DraftAsync(CancellationToken cancellationToken)
    {
        var witness = await scope.Journal.FindWitnessAsync(_service!, cancellationToken);
        for (var look = 0; look < 3 && witness is null && SessionDraft.NeedsWitness(_service!); look++)
        {
            // Who was about to put the fields' owners back has just done so and deleted its Session, or will never do it.
            _service = await ServicePreflight.ReadAsync(scope.Api, plan, cancellationToken);
            witness = await scope.Journal.FindWitnessAsync(_service, cancellationToken);
        }

        return SessionDraft.Create(_service!, plan, scope.Names, witness, scope.Time);
    }

    private async Task WriteJournalAsync(CancellationToken cancellationToken)
    {
        await _guarded!.AnnounceAsync(_draft!.Spec.Nonce, cancellationToken);
        _session = await scope.Journal.WriteAsync(_draft, cancellationToken);
        var form = _session.Form == JournalForm.ConfigMap ? " as a ConfigMap, for lack of the custom resource" : string.Empty;
        log.Add($"Session {_session.Metadata.Name} written{form}: the undo is stored before the first change");
        await scope.Journal.SetPhaseAsync(_session, SessionPhase.Pending, null, cancellationToken);
        _keeper = SessionKeeper.Start(scope, _session);
    }

    /// <summary>Proxy, decoy and tunnel, then the write that needs them all; again where another close took one of them away.</summary>
    private async Task HijackAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await PrepareAsync(cancellationToken);
            await scope.Journal.SetPhaseAsync(_session!, SessionPhase.Hijacking, _selfHealing.Notice, cancellationToken);
            var entry = await scope.Hijacker.EnterAsync(_session!, (record, token) => _admission.AdmitAsync(record, _session!.Spec.Claim, token), StillPreparedAsync, cancellationToken);
            if (entry.Record is not null)
            {
                log.Add(entry.Hijacked
                    ? $"{plan.Service} hijacked: its selector leads to the proxy"
                    : $"joined {entry.Record.Participants.Count - 1} other(s) on {plan.Service}");
                return;
            }

            log.Add("the proxy or the decoy was closed by another participant meanwhile: once more");
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var participant = _session!.Participant;
        await _selfHealing.AnnounceAsync(participant, cancellationToken);
        var configMap = await scope.ConfigMap.ClaimAsync(
            async token => ProxyManifest.ConfigMap(_service!, scope.Names, await cluster.ReadProxyProgram(token)), participant, cancellationToken);
        var hasAccount = await _selfHealing.GrantAsync(configMap, participant, cancellationToken);
        await scope.Deployment.ClaimAsync(
            ProxyManifest.Deployment(_service!, scope.Names, _session.Spec.Hijack, plan.ProxyImage, hasAccount), participant, cancellationToken);
        await scope.Decoy.ClaimAsync(DecoyManifest.Create(_service!, _session.Spec.Original), participant, cancellationToken);
        log.Add($"proxy {scope.Names.Interceptor} and decoy {scope.Names.Decoy} created or shared");

        var pod = await PhaseTimeout.RunAsync(
            $"The proxy of {plan.Service} was not ready", nameof(InterceptTimeouts.ProxyReady), plan.Timeouts.ProxyReady,
            scope.Time, scope.Pods.WaitForReadyAsync, scope.Pods.DescribeAsync, cancellationToken);
        log.Add($"proxy pod {pod.Metadata.Name} is ready");

        var originals = await PhaseTimeout.RunAsync(
            $"The decoy of {plan.Service} did not lead to the original pods", nameof(InterceptTimeouts.DecoyReady), plan.Timeouts.DecoyReady,
            scope.Time, token => DecoyReadiness.WaitAsync(scope, token), token => DecoyReadiness.DescribeAsync(scope, token), cancellationToken);
        log.Add($"the decoy leads to {originals} original pod(s)");

        await ConnectAsync(originals > 0, cancellationToken);
        await _selfHealing.RequireAsync(_connection!.Link, cancellationToken);
        await scope.Journal.SetPhaseAsync(_session, SessionPhase.Prepared, _selfHealing.Notice, cancellationToken);
    }

    private async Task ConnectAsync(bool decoyHasPods, CancellationToken cancellationToken)
    {
        _connection ??= await PhaseTimeout.RunAsync(
            $"The tunnel to the proxy of {plan.Service} did not come up", nameof(InterceptTimeouts.Tunnel), plan.Timeouts.Tunnel, scope.Time,
            token => TunnelConnection.OpenAsync(scope, plan, ServicePortChoice.NameOf(_service!, plan.Port), _session!, cluster.ConnectProxy, token),
            scope.Pods.DescribeAsync, cancellationToken);
        log.Add($"tunnel to {_connection.Link.Proxy.Pod} is up, the rule is live");
        if (!decoyHasPods)
        {
            log.Add("the Service has no ready pods: requests that are not intercepted will fail, as they did before");
            return;
        }

        await PhaseTimeout.RunAsync(
            $"The proxy of {plan.Service} could not reach the original pods through the decoy", nameof(InterceptTimeouts.Tunnel),
            plan.Timeouts.Tunnel, scope.Time, token => DecoyProof.RunAsync(_connection.Link, scope.Time, token),
            async token => DecoyProof.Describe(await _connection.Link.ProbeDecoyAsync(token)), cancellationToken);
        log.Add("the proxy reaches the original pods through the decoy");
    }

    /// <summary>Read between the Service and its write: a Session that somebody closed, or claims that are gone, must not hijack.</summary>
    private async Task<bool> StillPreparedAsync(CancellationToken cancellationToken)
    {
        var participant = _session!.Participant;
        var session = await scope.Journal.FindAsync(_session.Spec.Nonce, cancellationToken);
        if (session?.Metadata.Uid != _session.Metadata.Uid || session.IsClosing)
        {
            throw InterceptLostException.Fenced(plan.Service, _session.Metadata.Name);
        }

        var deployment = await scope.Deployment.FindClaimedAsync(participant, cancellationToken);
        return deployment is not null
            && await scope.ConfigMap.FindClaimedAsync(participant, cancellationToken) is not null
            && await scope.Decoy.FindClaimedAsync(participant, cancellationToken) is not null;
    }

    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        _keeper!.Watch(plan, _connection!.Link, log);
        var proof = new SwitchProof(scope, _service!, _connection!.Link);
        var took = await PhaseTimeout.RunAsync(
            $"New connections to {plan.Service} did not arrive at the proxy", nameof(InterceptTimeouts.Switch), plan.Timeouts.Switch,
            scope.Time, proof.SwitchedToProxyAsync, proof.DescribeAsync, cancellationToken);
        log.Add($"proven: {SwitchProof.Successive} probes in a row through {plan.Service} came to the proxy; switched {SwitchProof.Show(took)} after the hijack");
        if (plan.ProveThrough is { } entry)
        {
            using var road = cluster.CreateServiceHandler();
            var entryProof = new EntryProof(scope, _session!.Spec.Claim, _connection.Link, entry, road);
            took = await PhaseTimeout.RunAsync(
                $"No request through {entry.Service} reached this test process", nameof(InterceptTimeouts.Switch), plan.Timeouts.Switch,
                scope.Time, entryProof.RunAsync, _ => Task.FromResult(entryProof.Describe()), cancellationToken);
            log.Add($"proven: a request through {entry.Service} reached this test process after {SwitchProof.Show(took)}");
        }

        await scope.Journal.SetPhaseAsync(_session!, SessionPhase.Active, _selfHealing.Notice, cancellationToken);
    }

    /// <summary>Undoes what was done, with time of its own; returns what could not be undone.</summary>
    private async Task<string?> RollBackAsync()
    {
        if (_draft is null)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(plan.Timeouts.Close, scope.Time);
        try
        {
            _session ??= await scope.Journal.FindAsync(_draft.Spec.Nonce, timeout.Token);
            if (_session is not null)
            {
                await using var keeper = _keeper ?? SessionKeeper.Start(scope, _session);
                await keeper.BeginClosingAsync();
                await new Teardown(scope, plan.Timeouts, log).RunAsync(ClosingTarget.Of(_session), _service!, _connection, byOther: false, timeout.Token);
            }

            return null;
        }
        catch (Exception exception) when (exception is ApiException or InterceptException or OperationCanceledException)
        {
            return await Leftovers.DescribeAsync(scope, exception, _session);
        }
    }
}
