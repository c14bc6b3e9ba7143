using Intercept.Engine.Readiness;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Opening;

/// <summary>
/// Sees to it that the proxy's pod can close this intercept when this process can't. Without the rights for that the
/// intercept opens nevertheless, and says so; unless they are required.
/// </summary>
internal sealed class SelfHealing(ServiceScope scope, InterceptPlan plan, StepLog log)
{
    /// <summary>What people shall know of it; null where all is well.</summary>
    public string? Notice { get; private set; }

    /// <summary>Before the participant shows anywhere: a reaper that is at work already may look at its Session.</summary>
    public Task AnnounceAsync(Participant participant, CancellationToken cancellationToken) =>
        plan.Reaper ? scope.ReaperAccount.AdmitAsync(participant.Id, cancellationToken) : Task.CompletedTask;

    /// <summary>Gives the proxy's pod its rights.</summary>
    /// <returns>Whether it has them.</returns>
    /// <exception cref="InterceptException">They are required, and it can't have them.</exception>
    public async Task<bool> GrantAsync(V1ConfigMap configMap, Participant participant, CancellationToken cancellationToken)
    {
        if (!plan.Reaper)
        {
            return false;
        }

        if (await scope.ReaperAccount.GrantAsync(configMap, participant.Id, cancellationToken) is not { } obstacle)
        {
            return true;
        }

        if (plan.RequireSelfHealing)
        {
            throw new InterceptException(
                $"Self-healing is required, and the proxy's pod can't have the rights for it: {obstacle} "
                + "This account needs get, create, patch and delete on serviceaccounts, roles and rolebindings, or an administrator puts "
                + $"ServiceAccount {scope.Service.Namespace}/{scope.Names.Interceptor} there; docs/rights.md has both.");
        }

        if (Notice is null)
        {
            Notice = $"self-healing is off: {obstacle}";
            log.Add(Notice);
        }

        return false;
    }

    /// <summary>Where it is required: waits until the proxy's pod is at it. An earlier participant may have started it without rights.</summary>
    public async Task RequireAsync(IProxyLink link, CancellationToken cancellationToken)
    {
        if (plan.RequireSelfHealing)
        {
            await PhaseTimeout.RunAsync(
                "Self-healing is required, and the proxy's pod was not ready for it", nameof(InterceptTimeouts.Tunnel), plan.Timeouts.Tunnel,
                scope.Time, token => ReaperReadiness.WaitAsync(link, scope.Time, token), token => ReaperReadiness.DescribeAsync(link, token), cancellationToken);
            log.Add("the proxy's pod can close this intercept by itself");
        }
    }
}
