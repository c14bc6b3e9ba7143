using System.Globalization;
using Intercept.Engine.Residue;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Configuration;
using k8s.Models;

namespace Intercept.Engine.Readiness;

/// <summary>
/// Proves on the data path that a Service's new connections arrive where they shall: a PATCH that was answered moves no
/// packet yet, kube-proxy on a real node follows up to a second later.
/// </summary>
internal sealed class SwitchProof(ServiceScope scope, V1Service service, IProxyLink link)
{
    /// <summary>How many probes in a row, each on a new connection, must agree.</summary>
    public const int Successive = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until new connections to the Service arrive at the proxy.</summary>
    /// <returns>How long that took.</returns>
    public Task<TimeSpan> SwitchedToProxyAsync(CancellationToken cancellationToken) => ProveAsync(
        (addresses, proxies) => addresses.Count > 0 && addresses.IsSubsetOf(proxies),
        probe => probe.AllAnsweredByThisProxy,
        cancellationToken);

    /// <summary>Waits until new connections to the Service no longer arrive at the proxy.</summary>
    /// <returns>How long that took.</returns>
    public Task<TimeSpan> SwitchedBackAsync(CancellationToken cancellationToken) => ProveAsync(
        (addresses, proxies) => !addresses.Overlaps(proxies),
        probe => probe.NoneAnsweredByAProxy,
        cancellationToken);

    /// <summary>What the EndpointSlices and the data path say now.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var proxies = await scope.Pods.AddressesAsync(cancellationToken);
        var addresses = await ServiceEndpoints.ReadAsync(scope.Api, scope.Service.Namespace, scope.Service.Name, cancellationToken);
        var seen = ProbePort() is { } port
            ? string.Join("; ", (await ProbeAsync(port, cancellationToken)).Answers.Select(answer => $"{answer.Answer}: {answer.Detail}"))
            : "no HTTP port to ask";
        return $"The Service leads to {string.Join(", ", addresses.DefaultIfEmpty("nothing"))}, the proxy is at "
            + $"{string.Join(", ", proxies.DefaultIfEmpty("no address"))}; a probe through the Service: {seen}.";
    }

    /// <summary>A duration for people.</summary>
    public static string Show(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    private async Task<TimeSpan> ProveAsync(
        Func<IReadOnlySet<string>, IReadOnlySet<string>, bool> slicesAgree, Func<ServiceProbe, bool> probesAgree, CancellationToken cancellationToken)
    {
        var begun = scope.Time.GetTimestamp();
        var proxies = await scope.Pods.AddressesAsync(cancellationToken);
        await ServiceEndpoints.WaitAsync(
            scope.Api, scope.Service.Namespace, scope.Service.Name, addresses => slicesAgree(addresses, proxies), cancellationToken);
        var switched = scope.Time.GetElapsedTime(begun);
        if (ProbePort() is { } port)
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                switched = scope.Time.GetElapsedTime(begun);
                if (await AllAgreeAsync(port, probesAgree, cancellationToken))
                {
                    break;
                }

                await Task.Delay(pause, scope.Time, cancellationToken);
            }
        }

        return switched;
    }

    private async Task<bool> AllAgreeAsync(ProxyPort port, Func<ServiceProbe, bool> agree, CancellationToken cancellationToken)
    {
        // One at a time: each probe that still goes the old way is a request that the other side did not ask for.
        for (var count = 0; count < Successive; count++)
        {
            if (!agree(await ProbeAsync(port, cancellationToken)))
            {
                return false;
            }
        }

        return true;
    }

    private Task<ServiceProbe> ProbeAsync(ProxyPort port, CancellationToken cancellationToken) => link.ProbeServiceAsync(
        new ServiceProbeRequest
        {
            Host = $"{scope.Service.Name}.{scope.Service.Namespace}.svc",
            Port = port.Port,
            Http2 = port.Protocol == PortProtocol.Http2,
        },
        cancellationToken);

    private ProxyPort? ProbePort() => ProxyPorts.Of(service).FirstOrDefault(port => port.Protocol != PortProtocol.Tcp);
}
