using Intercept.Embedded.Node.Pods;
using Intercept.Embedded.Node.Probes;
using k8s.Models;

namespace Intercept.Embedded.Node.Containers;

/// <summary>Starts, probes, restarts and stops one container of a pod.</summary>
internal sealed class ContainerWorker(PodRuntime pod, V1Container container, Action changed)
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastBackOff = TimeSpan.FromSeconds(30);

    // A program without a host counts as running after this time.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    public ContainerState State { get; } = new(container, pod.Pod.Metadata.Uid, pod.Time, changed);

    public PodLog Log { get; } = new();

    /// <summary>Runs until the container has ended for good or <paramref name="stop"/> is cancelled and the container has been stopped.</summary>
    /// <returns>The last exit code.</returns>
    public async Task<int> RunAsync(string restartPolicy, CancellationToken stop)
    {
        try
        {
            for (var restarts = 0; ; restarts++)
            {
                var start = await PrepareAsync(stop).ConfigureAwait(false);
                var exit = await RunOnceAsync(start, stop).ConfigureAwait(false);
                if (stop.IsCancellationRequested || restartPolicy == "Never" || (restartPolicy == "OnFailure" && exit.Code == 0))
                {
                    return exit.Code;
                }

                await BackOffAsync(restarts, exit, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            Log.Complete();
        }
    }

    private async Task<ContainerStart> PrepareAsync(CancellationToken stop)
    {
        for (var wait = FirstBackOff; ; wait = Doubled(wait))
        {
            try
            {
                return pod.Images.Resolve(pod.Pod, container, pod.Volumes.MountsOf(container), pod.Context.Network.Address.ToString());
            }
            catch (ContainerConfigException e)
            {
                var again = e.Reason == "ErrImagePull" && wait > FirstBackOff;
                State.Wait(again ? "ImagePullBackOff" : e.Reason, again ? $"Back-off pulling image \"{container.Image}\": {e.Message}" : e.Message);
                if (wait == FirstBackOff)
                {
                    pod.Events.Warn(pod.Pod, e.Reason == "ErrImagePull" ? "Failed" : e.Reason, e.Message);
                }
            }

            await Task.Delay(wait, pod.Time, stop).ConfigureAwait(false);
        }
    }

    private async Task<ContainerExit> RunOnceAsync(ContainerStart start, CancellationToken stop)
    {
        var run = new ContainerRun(start, pod.Context, pod.Names, Log);
        run.Begin($"{pod.Pod.Metadata.NamespaceProperty}/{pod.Pod.Metadata.Name}/{container.Name}");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var supervised = SuperviseAsync(run, ended.Token);
        await Task.WhenAny(run.Exited, supervised).ConfigureAwait(false);
        var asked = run.Exited.IsCompleted ? null : await supervised.ConfigureAwait(false);
        if (asked is not null && !await run.StopAsync(pod.GracePeriod, pod.Time).ConfigureAwait(false))
        {
            PodsLog.Abandoned(pod.Logger, container.Name, pod.Pod.Metadata.Name, pod.GracePeriod);
            State.End(137, "Error", "The program did not end: its thread goes on in this process.");
            return new ContainerExit(137, null);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await supervised.ConfigureAwait(false);
        var exit = await run.Exited.ConfigureAwait(false);
        State.End(exit.Code, exit.Code == 0 ? "Completed" : "Error", exit.Error?.ToString() ?? (string.IsNullOrEmpty(asked) ? null : asked));
        return exit;
    }

    /// <summary>Why the container has to be stopped: "" because the pod ends, else what a probe found.</summary>
    private async Task<string> SuperviseAsync(ContainerRun run, CancellationToken ended)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended);
            await Task.WhenAny(run.Started, Task.Delay(StartLimit, pod.Time, limit.Token)).ConfigureAwait(false);
            await limit.CancelAsync().ConfigureAwait(false);
            ended.ThrowIfCancellationRequested();
            State.Run();
            using var runner = new ProbeRunner(pod.Context.Cluster, pod.Context.Network.Address);
            var probes = new ContainerProbes(container, runner, pod.Time) { ReadyChanged = State.SetReady, StartedUp = State.StartUp };
            var found = await probes.RunAsync(ended).ConfigureAwait(false);
            pod.Events.Warn(pod.Pod, "Unhealthy", found);
            return found;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return "";
        }
    }

    private async Task BackOffAsync(int restarts, ContainerExit exit, CancellationToken stop)
    {
        if (restarts > 0)
        {
            var wait = TimeSpan.FromTicks(Math.Min(LastBackOff.Ticks, FirstBackOff.Ticks << Math.Min(restarts - 1, 16)));
            State.Wait(
                "CrashLoopBackOff",
                $"back-off {wait} restarting failed container={container.Name}, exit code {exit.Code}{(exit.Error is null ? "" : $": {exit.Error.GetType().FullName}: {exit.Error.Message}")}");
            pod.Events.Warn(pod.Pod, "BackOff", $"Back-off restarting failed container {container.Name}");
            await Task.Delay(wait, pod.Time, stop).ConfigureAwait(false);
        }

        State.Restart();
    }

    private static TimeSpan Doubled(TimeSpan wait) => TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, TimeSpan.TicksPerSecond * 2));
}
