using k8s.Models;

namespace Intercept.Embedded.Node.Probes;

/// <summary>
/// The probes of one run of a container. Until the first success they come quickly, whatever the period and the initial
/// delay: a program in this process starts in milliseconds, and a test should not wait for a second to pass.
/// </summary>
internal sealed class ContainerProbes(V1Container container, ProbeRunner runner, TimeProvider time)
{
    private static readonly TimeSpan FirstPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(10);
    private const int DefaultThreshold = 3;

    /// <summary>Called with each change of the readiness, and with what the failing probe found.</summary>
    public required Action<bool, string?> ReadyChanged { get; init; }

    /// <summary>Called once, when the startup probe has passed or there is none.</summary>
    public required Action StartedUp { get; init; }

    /// <summary>Runs until cancelled, or until a startup or liveness probe has failed too often.</summary>
    /// <returns>What the probe found that calls for a restart.</returns>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        if (container.StartupProbe is { } startup && await StartUpAsync(startup, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            return failure;
        }

        StartedUp();
        var readiness = container.ReadinessProbe is { } ready ? WatchReadinessAsync(ready, cancellationToken) : AlwaysReadyAsync(cancellationToken);
        var liveness = container.LivenessProbe is { } live ? WatchLivenessAsync(live, cancellationToken) : ForeverAsync(cancellationToken);
        return await await Task.WhenAny(readiness, liveness).ConfigureAwait(false);
    }

    private async Task<string?> StartUpAsync(V1Probe probe, CancellationToken cancellationToken)
    {
        var limit = time.GetUtcNow() + TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0) + (Period(probe) * (probe.FailureThreshold ?? DefaultThreshold));
        for (var wait = FirstPeriod; ; wait = Longer(wait, probe))
        {
            var found = await runner.CheckAsync(probe, container, cancellationToken).ConfigureAwait(false);
            if (found is null)
            {
                return null;
            }

            if (time.GetUtcNow() >= limit)
            {
                return $"Startup probe failed: {found}";
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> WatchReadinessAsync(V1Probe probe, CancellationToken cancellationToken)
    {
        var ready = false;
        var inRow = 0;
        var wait = FirstPeriod;
        while (true)
        {
            var found = await runner.CheckAsync(probe, container, cancellationToken).ConfigureAwait(false);
            inRow = found is null == ready ? 0 : inRow + 1;
            if (!ready && found is null && inRow >= (probe.SuccessThreshold ?? 1))
            {
                (ready, inRow) = (true, 0);
                ReadyChanged(true, null);
            }
            else if (ready && inRow >= (probe.FailureThreshold ?? DefaultThreshold))
            {
                (ready, inRow, wait) = (false, 0, FirstPeriod);
                ReadyChanged(false, $"Readiness probe failed: {found}");
            }
            else if (!ready && found is not null)
            {
                ReadyChanged(false, $"Readiness probe failed: {found}");
            }

            await Task.Delay(ready ? Period(probe) : wait, time, cancellationToken).ConfigureAwait(false);
            wait = Longer(wait, probe);
        }
    }

    private async Task<string> WatchLivenessAsync(V1Probe probe, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0), time, cancellationToken).ConfigureAwait(false);
        for (var failures = 0; ;)
        {
            var found = await runner.CheckAsync(probe, container, cancellationToken).ConfigureAwait(false);
            failures = found is null ? 0 : failures + 1;
            if (failures >= (probe.FailureThreshold ?? DefaultThreshold))
            {
                return $"Liveness probe failed: {found}";
            }

            await Task.Delay(Period(probe), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> AlwaysReadyAsync(CancellationToken cancellationToken)
    {
        ReadyChanged(true, null);
        return await ForeverAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> ForeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return "";
    }

    private static TimeSpan Period(V1Probe probe) => probe.PeriodSeconds is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultPeriod;

    private static TimeSpan Longer(TimeSpan wait, V1Probe probe) => TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, Math.Min(Period(probe).Ticks, TimeSpan.TicksPerSecond)));
}
