using System.Globalization;
using Intercept.Engine.Residue;
using k8s.Models;

namespace Intercept.Engine.Preflight;

/// <summary>Which of a Service's ports an intercept takes, by number or name.</summary>
internal static class ServicePortChoice
{
    /// <summary>The Service port that the plan names; null where it names none.</summary>
    public static V1ServicePort? Find(V1Service service, string? port) => port is null
        ? null
        : service.Spec.Ports.FirstOrDefault(candidate =>
            candidate.Name == port || candidate.Port.ToString(CultureInfo.InvariantCulture) == port);

    /// <summary>The name by which the proxy knows that port; null where the plan names none.</summary>
    public static string? NameOf(V1Service service, string? port) => Find(service, port) is { } found ? ProxyPorts.NameOf(found) : null;

    /// <exception cref="InterceptException">The Service lacks the port.</exception>
    public static void Check(V1Service service, InterceptPlan plan)
    {
        if (plan.Port is not null && Find(service, plan.Port) is null)
        {
            var ports = service.Spec.Ports.Select(port => port.Name is null ? $"{port.Port}" : $"{port.Port} ({port.Name})");
            throw new InterceptException(
                $"Service {plan.Service} has no port {plan.Port}. It has: {string.Join(", ", ports)}. Nothing was changed. "
                + "Name one of these as Port, or leave Port out to intercept every HTTP port.");
        }
    }
}
