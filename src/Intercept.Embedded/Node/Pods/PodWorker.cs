using Intercept.Embedded.ApiServer;
using Intercept.Embedded.Node.Containers;
using k8s.Models;

namespace Intercept.Embedded.Node.Pods;

/// <summary>The life of one pod on the node: volumes, init containers, containers, end.</summary>
internal sealed class PodWorker : IDisposable
{
    private static readonly TimeSpan VolumeRetry = TimeSpan.FromMilliseconds(200);

    private readonly ILocalApi _api;
    private readonly PodRuntime _runtime;
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<ContainerWorker> _init;
    private readonly IReadOnlyList<ContainerWorker> _containers;
    private readonly DateTime _startedAt;
    private bool _initialized;

    public PodWorker(ILocalApi api, PodRuntime runtime, Action changed)
    {
        _api = api;
        _runtime = runtime;
        _startedAt = PodTime.Seconds(runtime.Time);
        _init = [.. (runtime.Pod.Spec.InitContainers ?? []).Select(container => new ContainerWorker(runtime, container, changed))];
        _containers = [.. runtime.Pod.Spec.Containers.Select(container => new ContainerWorker(runtime, container, changed))];
    }

    public V1Pod Pod => _runtime.Pod;

    public Network.PodNetwork Network => _runtime.Context.Network;

    /// <summary>The log of the pod's first container.</summary>
    public PodLog Log => _containers[0].Log;

    public bool Ended { get; private set; }

    /// <summary>Asks the pod to end; <see cref="RunAsync"/> returns when it has.</summary>
    public void Stop(TimeSpan grace)
    {
        if (!_stop.IsCancellationRequested)
        {
            _runtime.GracePeriod = grace;
            _stop.Cancel();
        }
    }

    /// <summary>Runs the pod until it is told to stop.</summary>
    public async Task RunAsync()
    {
        try
        {
            await WriteVolumesAsync().ConfigureAwait(false);
            if (await InitializeAsync().ConfigureAwait(false))
            {
                var policy = _runtime.Pod.Spec.RestartPolicy ?? "Always";
                await Task.WhenAll(_containers.Select(container => container.RunAsync(policy, _stop.Token))).ConfigureAwait(false);
            }

            // A pod that has completed stays to be looked at.
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            DeleteFolder();
            Ended = true;
        }
    }

    public V1PodStatus Status() => PodStatus.Of(new PodSnapshot(
        _runtime.Pod,
        _runtime.Context.Network.Address.ToString(),
        _startedAt,
        _initialized,
        [.. _init.Select(container => container.State.Snapshot())],
        [.. _containers.Select(container => container.State.Snapshot())],
        string.Join("; ", _containers.Select(container => container.State.NotReadyBecause).OfType<string>())));

    public void Dispose() => _stop.Dispose();

    private async Task WriteVolumesAsync()
    {
        for (string? told = null; ;)
        {
            try
            {
                _runtime.Volumes.Write(_api, _runtime.Pod, _runtime.Context.Network.Address.ToString());
                return;
            }
            catch (ContainerConfigException e)
            {
                if (told != e.Message)
                {
                    told = e.Message;
                    _runtime.Events.Warn(_runtime.Pod, "FailedMount", e.Message);
                    foreach (var container in _containers)
                    {
                        container.State.Wait("ContainerCreating", e.Message);
                    }
                }
            }

            await Task.Delay(VolumeRetry, _runtime.Time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> InitializeAsync()
    {
        if (_init.Count > 0)
        {
            foreach (var container in _containers)
            {
                container.State.Wait("PodInitializing", null);
            }
        }

        var policy = _runtime.Pod.Spec.RestartPolicy == "Never" ? "Never" : "OnFailure";
        foreach (var container in _init)
        {
            if (await container.RunAsync(policy, _stop.Token).ConfigureAwait(false) != 0)
            {
                return false;
            }
        }

        _initialized = true;
        return true;
    }

    private void DeleteFolder()
    {
        try
        {
            _runtime.Volumes.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            PodsLog.FolderLeft(_runtime.Logger, _runtime.Pod.Metadata.Name, e);
        }
    }
}
