using Intercept.Engine.Hijacking;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Opening;

/// <summary>Decides whether a participant may join those who intercept a Service already, as its plan says.</summary>
internal sealed class Admission(ServiceScope scope, InterceptPlan plan)
{
    /// <summary>Lets the participant in, refuses it, or waits until the others have left.</summary>
    /// <returns>Whether it may join now; false where the Service has to be read again.</returns>
    /// <exception cref="InterceptClaimedException">Somebody has claimed the same requests, or the plan says not to share.</exception>
    public async Task<bool> AdmitAsync(ServiceRecord record, SessionClaim claim, CancellationToken cancellationToken)
    {
        var others = await scope.Journal.ListAsync(record, cancellationToken);
        switch (plan.WhenBusy)
        {
            case WhenBusy.Join:
                RuleOverlap.Refuse(others, claim, plan.Service, scope.Time);
                return true;
            case WhenBusy.Fail:
                throw new InterceptClaimedException(
                    $"Service {plan.Service} is intercepted already, {Describe(others)}, and this intercept was asked to fail then "
                    + $"({nameof(WhenBusy)}.{nameof(WhenBusy.Fail)}). Theirs goes on untouched; nothing was changed. "
                    + $"Take part with {nameof(WhenBusy)}.{nameof(WhenBusy.Join)}, or let it wait with {nameof(WhenBusy)}.{nameof(WhenBusy.Wait)}.");
            default:
                await PhaseTimeout.RunAsync(
                    $"The others did not leave Service {plan.Service}", nameof(InterceptTimeouts.Busy), plan.Timeouts.Busy, scope.Time,
                    WaitUntilFreeAsync, async token => Describe(await scope.Journal.ListAsync(record, token)), cancellationToken);
                return false;
        }
    }

    private string Describe(IReadOnlyList<SessionResource> others) => others.Count == 0
        ? "by participants whose Sessions are gone"
        : $"by {string.Join(", ", others.Select(other => $"{other.Spec.Holder.Describe(scope.Time)}, Session {other.Metadata.Name}"))}";

    private Task<IReadOnlyList<V1Service>> WaitUntilFreeAsync(CancellationToken cancellationToken) => scope.Api.WaitAsync<V1Service>(
        scope.Service.Namespace,
        $"{Labels.Hijacked}=true",
        services => services.FirstOrDefault(service => service.Metadata.Name == scope.Service.Name)?.ReadRecord() is null,
        cancellationToken);
}
