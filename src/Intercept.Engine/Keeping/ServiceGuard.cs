using System.Globalization;
using Intercept.Engine.Api;
using Intercept.Engine.Hijacking;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Keeping;

/// <summary>
/// Watches the intercepted Service. A selector that is ours only in part would lead nowhere and is put right at once, with
/// what the other one wanted as the new original; a Service that somebody took back is given up or hijacked again, as the
/// plan says.
/// </summary>
internal sealed class ServiceGuard : IAsyncDisposable
{
    private const int MaxRehijacks = 3;
    private const int MaxRepairs = 10;
    private static readonly TimeSpan RepairWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ServiceScope _scope;
    private readonly InterceptPlan _plan;
    private readonly SessionResource _session;
    private readonly Loss _loss;
    private readonly StepLog _log;
    private readonly long _begun;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<long> _repairs = new();
    private readonly Task _watching;
    private int _rehijacks;

    public ServiceGuard(ServiceScope scope, InterceptPlan plan, SessionResource session, Loss loss, StepLog log)
    {
        _scope = scope;
        _plan = plan;
        _session = session;
        _loss = loss;
        _log = log;
        _begun = scope.Time.GetTimestamp();
        _watching = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _watching;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            for (string? seen = null; await WatchOnceAsync(seen) is { } version; seen = version)
            {
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Waits for the next version and judges it.</summary>
    /// <returns>That version, none where it has to be judged again; null where the intercept is lost.</returns>
    private async Task<string?> WatchOnceAsync(string? seen)
    {
        try
        {
            var service = await NextAsync(seen, _stopping.Token);
            if (await JudgeAsync(service) is { } reason)
            {
                _loss.Report(reason);
                return null;
            }

            return service?.Metadata.ResourceVersion ?? string.Empty;
        }
        catch (Exception exception) when (exception is ApiException or InterceptException)
        {
            _log.Add($"{_scope.Service} could not be watched, once more: {exception.Message}");
            await Task.Delay(PauseAfterFailure, _scope.Time, _stopping.Token);
            return string.Empty;
        }
    }

    /// <summary>The Service once it is another version than the one seen; null where it is gone.</summary>
    private async Task<V1Service?> NextAsync(string? seen, CancellationToken cancellationToken)
    {
        // By the label that the hijack sets: one Service, not the namespace's; who loses the label is not hijacked any more.
        await _scope.Api.WaitAsync<V1Service>(
            _scope.Service.Namespace,
            $"{Labels.Hijacked}=true",
            services => services.FirstOrDefault(service => service.Metadata.Name == _scope.Service.Name)?.Metadata.ResourceVersion is var version
                && (version is null || version != seen),
            cancellationToken);
        return await _scope.Api.FindAsync<V1Service>(_scope.Service.Namespace, _scope.Service.Name, cancellationToken);
    }

    /// <summary>Null while the intercept goes on; else why it does not.</summary>
    private async Task<InterceptLostException?> JudgeAsync(V1Service? service)
    {
        if (service is null || service.Metadata.Uid != _session.Spec.Service.Uid || service.Metadata.DeletionTimestamp is not null)
        {
            return new InterceptLostException(
                $"Service {_scope.Service} was deleted while it was intercepted{(service is null || service.Metadata.DeletionTimestamp is not null ? "" : ", and another one of its name was created")}. "
                + "Proxy, decoy and Session belong to it and go with it. Open a new intercept once the Service is there again.");
        }

        var record = service.ReadRecord();
        if (record?.Participants.Contains(_session.Participant) != true)
        {
            return await RejoinAsync(service, record);
        }

        var labelled = service.Metadata.Labels?.ContainsKey(Labels.Hijacked) == true;
        return Drifts.Find(service.ToRouting(), record) switch
        {
            Drift.None when labelled => await FollowAsync(record),
            Drift.None or Drift.Mixed when CountRepair() => await RepairAsync(service, record, "repaired"),
            _ => await TakenBackAsync(service, record),
        };
    }

    /// <summary>The record has lost this participant. Whoever closes one says so; else somebody replaced or edited the object.</summary>
    private async Task<InterceptLostException?> RejoinAsync(V1Service service, ServiceRecord? record)
    {
        var session = await _scope.Journal.FindAsync(_session.Spec.Nonce, _stopping.Token);
        if (session is null || session.Status?.Phase == nameof(SessionPhase.Closing) || service.ToLive().Fences.Contains(_session.Participant))
        {
            return InterceptLostException.Fenced(_scope.Service, _session.Metadata.Name);
        }

        record ??= new ServiceRecord(ServiceRecord.CurrentVersion, _session.Spec.Hijack, _session.Spec.Original, []);
        record = record with { Participants = [.. record.Participants, _session.Participant] };
        return Drifts.Find(service.ToRouting(), record) == Drift.Reverted
            ? await TakenBackAsync(service, record)
            : await RepairAsync(service, record, "given its record back, which somebody had removed");
    }

    private async Task<InterceptLostException?> TakenBackAsync(V1Service service, ServiceRecord record)
    {
        if (_plan.WhenReverted == WhenReverted.Rehijack && _rehijacks++ < MaxRehijacks)
        {
            return await RepairAsync(service, record, $"hijacked again after {By(service)} had taken it back ({_rehijacks} of {MaxRehijacks})");
        }

        var live = service.ToRouting();
        var tried = _rehijacks == 0 ? string.Empty : $" It was hijacked again {MaxRehijacks} times before.";
        return new InterceptLostException(
            $"{By(service)} reverted spec.selector of Service {_scope.Service} {Since()} after the hijack: it is {Show(live.Selector)}, not "
            + $"{Show(record.Hijack.Selector)} any more.{tried} Requests with the intercept's header go to the original pods. Pause that controller's "
            + $"automatic sync for this Service while you test, or let the intercept hijack it again ({nameof(WhenReverted)}.{nameof(WhenReverted.Rehijack)}).");
    }

    private async Task<InterceptLostException?> RepairAsync(V1Service service, ServiceRecord record, string what)
    {
        var adopted = record.Adopt(service.ToRouting());
        try
        {
            await _scope.Api.PatchAsync<V1Service>(
                _scope.Service.Namespace, _scope.Service.Name, ServicePatches.Hijack(service.ToLive(), adopted), _stopping.Token);
        }
        catch (ApiException exception) when (exception.IsConflict || exception.IsNotFound)
        {
            // Somebody else wrote in between, perhaps another participant's guard: the next version is judged anew.
            return null;
        }

        _log.Add($"{_scope.Service} was changed by {By(service)} and is {what}; its original is now {Show(adopted.Original.Selector)}");
        return await FollowAsync(adopted);
    }

    /// <summary>The decoy leads where the original would.</summary>
    private async Task<InterceptLostException?> FollowAsync(ServiceRecord record)
    {
        await Residue.DecoyUpdate.FollowAsync(_scope, record.Original, _stopping.Token);
        return null;
    }

    /// <summary>Whether one more repair is worth it; a controller that writes again and again is one that takes the Service back.</summary>
    private bool CountRepair()
    {
        while (_repairs.TryPeek(out var oldest) && _scope.Time.GetElapsedTime(oldest) > RepairWindow)
        {
            _repairs.Dequeue();
        }

        _repairs.Enqueue(_scope.Time.GetTimestamp());
        return _repairs.Count <= MaxRepairs;
    }

    private static string By(V1Service service) => FieldManagers.OfSelector(service.ToLive()) ?? "somebody";

    private string Since() => string.Create(CultureInfo.InvariantCulture, $"{_scope.Time.GetElapsedTime(_begun).TotalSeconds:0.0} s");

    private static string Show(IEnumerable<KeyValuePair<string, string>> selector) =>
        $"{{{string.Join(", ", selector.Select(pair => $"{pair.Key}: {pair.Value}"))}}}";
}
