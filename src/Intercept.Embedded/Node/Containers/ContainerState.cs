using Intercept.Embedded.Node.Pods;
using k8s.Models;

namespace Intercept.Embedded.Node.Containers;

/// <summary>What the pod's status says about one container. Written by its worker, read by the status writer.</summary>
internal sealed class ContainerState(V1Container container, string podUid, TimeProvider time, Action changed)
{
    private readonly Lock _lock = new();
    private V1ContainerState _state = Waiting("ContainerCreating", null);
    private V1ContainerState? _last;
    private bool _ready;
    private bool _started;
    private int _restarts;
    private DateTime _startedAt;

    public string? NotReadyBecause { get; private set; }

    public V1ContainerStatus Snapshot()
    {
        lock (_lock)
        {
            var ran = _state.Waiting is null || _last is not null;
            return new V1ContainerStatus
            {
                Name = container.Name,
                Image = container.Image,
                ImageID = ran ? $"embedded://{container.Image}" : "",
                ContainerID = ran ? $"embedded://{podUid}/{container.Name}/{_restarts}" : null,
                Ready = _ready,
                Started = _started,
                RestartCount = _restarts,
                State = _state,
                LastState = _last ?? new V1ContainerState(),
            };
        }
    }

    public void Wait(string reason, string? message) => Change(() =>
    {
        if (_state.Terminated is not null)
        {
            _last = _state;
        }

        _state = Waiting(reason, message);
        _ready = _started = false;
    });

    public void Run() => Change(() =>
    {
        _startedAt = PodTime.Seconds(time);
        if (_state.Terminated is not null)
        {
            _last = _state;
        }

        _state = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = _startedAt } };
    });

    public void StartUp() => Change(() => _started = true);

    public void SetReady(bool ready, string? why) => Change(() =>
    {
        _ready = ready;
        NotReadyBecause = why;
    });

    public void End(int code, string reason, string? message) => Change(() =>
    {
        _ready = _started = false;
        _state = new V1ContainerState
        {
            Terminated = new V1ContainerStateTerminated
            {
                ExitCode = code,
                Reason = reason,
                Message = message,
                StartedAt = _startedAt,
                FinishedAt = PodTime.Seconds(time),
            },
        };
    });

    public void Restart() => Change(() => _restarts++);

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }

        changed();
    }

    private static V1ContainerState Waiting(string reason, string? message) =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };
}
