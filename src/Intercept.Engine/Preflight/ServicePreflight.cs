using Intercept.Engine.Api;
using Intercept.Engine.Records;
using k8s.Models;

namespace Intercept.Engine.Preflight;

/// <summary>Reads the Service and refuses, before anything is changed, what can't be intercepted.</summary>
internal static class ServicePreflight
{
    /// <summary>The Service as it is now.</summary>
    /// <exception cref="InterceptException">It is not there or can't be intercepted; the message tells the way out.</exception>
    public static async Task<V1Service> ReadAsync(IClusterApi api, InterceptPlan plan, CancellationToken cancellationToken)
    {
        var service = await api.FindAsync<V1Service>(plan.Service.Namespace, plan.Service.Name, cancellationToken)
            ?? throw await MissingAsync(api, plan.Service, cancellationToken);
        if (Refusal(service) is { } reason)
        {
            throw new InterceptException($"Service {plan.Service} can't be intercepted: {reason} Nothing was changed.");
        }

        ServicePortChoice.Check(service, plan);
        RefuseForeignSelector(service, plan.Service);
        return service;
    }

    private static string? Refusal(V1Service service)
    {
        if (service.Metadata.DeletionTimestamp is not null)
        {
            return "it is being deleted.";
        }

        if (service.Spec.Type == "ExternalName")
        {
            return $"it is of type ExternalName, a DNS alias for {service.Spec.ExternalName} that has no pods of its own. Intercept the Service that it stands for.";
        }

        if (service.Spec.ClusterIP == "None")
        {
            return "it is headless (clusterIP: None): callers look up the pods' own addresses, so there is nothing to switch. "
                + "Put an ordinary ClusterIP Service in front of the pods and let the callers use that.";
        }

        if (service.Spec.Selector is not { Count: > 0 })
        {
            return "it has no selector: its endpoints are kept by somebody else, and a change of the selector would not move them. "
                + "Give it a selector, or intercept a Service that has one.";
        }

        if (service.Spec.Ports.FirstOrDefault(port => (port.Protocol ?? "TCP") != "TCP") is { } other)
        {
            return $"its port {other.Port} speaks {other.Protocol}, which can't pass the proxy, and a hijack moves all ports of a Service. "
                + "Give the TCP ports a Service of their own.";
        }

        if (service.Spec.ExternalTrafficPolicy == "Local" || service.Spec.InternalTrafficPolicy == "Local")
        {
            return "its traffic policy is Local: only callers on the proxy's node would be answered. Set the policy to Cluster while you test.";
        }

        return null;
    }

    private static void RefuseForeignSelector(V1Service service, ServiceReference reference)
    {
        if (service.ReadRecord() is null && service.Spec.Selector.ContainsKey(Labels.Session))
        {
            throw new InterceptException(
                $"Service {reference} can't be intercepted: its selector has {Labels.Session}, so an intercept hijacked it, but the record of its "
                + $"original (annotation {Labels.Record}) is gone. Nothing was changed. Restore the selector by hand from the Session "
                + $"(kubectl get sessions -n {reference.Namespace} -o yaml) or by applying the Service's own manifest.");
        }
    }

    private static async Task<InterceptException> MissingAsync(IClusterApi api, ServiceReference service, CancellationToken cancellationToken)
    {
        if (await api.FindAsync<V1Namespace>(null, service.Namespace, cancellationToken) is null)
        {
            return new InterceptException(
                $"There is no namespace {service.Namespace} in this cluster, so no Service {service}. Nothing was changed. "
                + "Check the namespace's name, and that this is the cluster you mean.");
        }

        var others = await api.ListAsync<V1Service>(service.Namespace, null, cancellationToken);
        var names = others.Select(other => other.Metadata.Name).Order(StringComparer.Ordinal).Take(20).ToArray();
        return new InterceptException(
            $"There is no Service {service.Name} in namespace {service.Namespace}. Nothing was changed. "
            + (names.Length == 0 ? "The namespace has no Services at all." : $"There are: {string.Join(", ", names)}."));
    }
}
