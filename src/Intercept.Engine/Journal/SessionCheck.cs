using Intercept.Engine.Api;
using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Journal;

/// <summary>A Session may have been written by hand, or by another version: what is not whole is refused, never guessed at.</summary>
internal static class SessionCheck
{
    /// <exception cref="InterceptException">A part is missing.</exception>
    public static void RequireWhole(SessionResource session, ServiceReference service)
    {
        if (FindMissing(session) is { } part)
        {
            var name = session.Metadata?.Name ?? "(without a name)";
            throw new InterceptException(
                $"Session {service.Namespace}/{name} lacks {part}, or a part of it. {Advice(service)}");
        }
    }

    /// <summary>The same for an answer of which no Session can be made at all.</summary>
    public static InterceptException Unreadable(ServiceReference service, ApiException cause) =>
        new($"A Session in namespace {service.Namespace} can't be read. {cause.Message} {Advice(service)}", cause);

    private static string Advice(ServiceReference service) =>
        "Another version of Intercept may have written it, or somebody edited it. Nothing was changed. "
        + $"Look at it with 'kubectl get sessions -n {service.Namespace} -o yaml'; where no test needs it any more, restore its Service by "
        + $"applying the Service's own manifest, then 'kubectl delete session <name> -n {service.Namespace}'.";

    private static string? FindMissing(SessionResource session) => session switch
    {
        { Metadata: null or { Name: null } or { Uid: null } } => "metadata",
        { Spec: null } => "spec",
        { Spec.Nonce: null } => "spec.nonce",
        { Spec.Service: null or { Namespace: null } or { Name: null } or { Uid: null } } => "spec.service",
        { Spec.RestoreService: null } => "spec.restore-service",
        { Spec.Residue: null or { Deployment: null } or { ConfigMap: null } or { Decoy: null } } => "spec.residue",
        { Spec.Claim: null or { Header: null } or { Value: null } or { TestHeader: null } or { TestValuePrefix: null } } => "spec.claim",
        { Spec.Holder: null or { Name: null } or { Host: null } } => "spec.holder",
        _ when !IsWhole(session.Spec.Original) => "spec.original",
        _ when !IsWhole(session.Spec.Hijack) => "spec.hijack",
        _ => null,
    };

    private static bool IsWhole(ServiceRouting? routing) =>
        routing is { Selector: not null, Ports: not null }
        && routing.Selector.Values.All(value => value is not null)
        && routing.Ports.All(port => port is { Protocol: not null, TargetPort: not null });
}
