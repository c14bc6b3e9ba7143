using Intercept.Engine.Api;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Residue;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Keeping;

/// <summary>
/// Watches what the hijacked Service leads to, the proxy's Deployment, and what the proxy leads to, the decoy. Where somebody
/// deletes one of them nobody's requests are answered any more, so the intercept is given up at once and the Service led back.
/// </summary>
internal sealed class InterceptorGuard : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ServiceScope _scope;
    private readonly SessionResource _session;
    private readonly Loss _loss;
    private readonly StepLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    public InterceptorGuard(ServiceScope scope, SessionResource session, Loss loss, StepLog log)
    {
        (_scope, _session, _loss, _log) = (scope, session, loss, log);
        _watching = Task.WhenAll(
            RunAsync<V1Deployment>(scope.Names.Interceptor, "the proxy's Deployment"), RunAsync<V1Service>(scope.Names.Decoy, "the decoy Service"));
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _watching;
        _stopping.Dispose();
    }

    private async Task RunAsync<T>(string name, string what)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            while (!await WatchOnceAsync<T>(name, what))
            {
                await Task.Delay(Pause, _scope.Time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Waits until the object is gone.</summary>
    /// <returns>Whether that is a loss to report; not where the Service itself went, which its own guard tells.</returns>
    private async Task<bool> WatchOnceAsync<T>(string name, string what)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            await _scope.Api.WaitAsync<T>(
                _scope.Service.Namespace,
                $"{Labels.Service}={OwnedMetadata.LabelValue(_scope.Service.Name)}",
                items => !items.Any(item => item.Metadata.Name == name && item.Metadata.DeletionTimestamp is null),
                _stopping.Token);
            var service = await _scope.Api.FindAsync<V1Service>(_scope.Service.Namespace, _scope.Service.Name, _stopping.Token);
            if (service?.Metadata.Uid != _session.Spec.Service.Uid || service.Metadata.DeletionTimestamp is not null
                || service.ReadRecord()?.Participants.Contains(_session.Participant) != true)
            {
                return false;
            }
        }
        catch (ApiException exception)
        {
            _log.Add($"{what} of {_scope.Service} could not be watched, once more: {exception.Message}");
            return false;
        }

        _loss.Report(new InterceptLostException(
            $"{char.ToUpperInvariant(what[0])}{what[1..]} {name} was deleted by somebody else while {_scope.Service} was intercepted. Requests went nowhere "
            + "without it, so the Service is led back to its original pods and all intercepts of it are closed. Open a new one."));
        return true;
    }
}
