using Intercept.Engine;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Contract;
using Intercept.Simulation.Tests.Scheduling;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Simulation.Tests.Proxies;

/// <summary>
/// A connection to a proxy that does what it shall as long as its pod is there. What its probes find follows from the cluster's
/// EndpointSlices, a moment behind them.
/// </summary>
internal sealed class SimulatedProxy : IProxyLink
{
    private readonly World _world;
    private readonly Actor _actor;
    private readonly string _uid;
    private readonly string _address;
    private readonly TaskCompletionSource _lost = new();
    private int _routes;

    private SimulatedProxy(World world, Actor actor, V1Pod pod)
    {
        (_world, _actor) = (world, actor);
        (_uid, _address) = (pod.Metadata.Uid, pod.Status.PodIP);
        Proxy = new WelcomeMessage(pod.Metadata.Uid, pod.Metadata.Name, ContractVersion.Current, "token");
    }

    public Task Lost => _lost.Task;

    public WelcomeMessage Proxy { get; }

    /// <summary>Waits for a ready pod as the real connector does, and connects to it.</summary>
    public static async Task<IProxyLink> ConnectAsync(World world, Actor actor, ServiceScope scope, CancellationToken cancellationToken)
    {
        var pod = await scope.Pods.WaitForReadyAsync(cancellationToken);
        var link = new SimulatedProxy(world, actor, pod);
        await link.TravelAsync(cancellationToken);
        return link;
    }

    public async Task<IAsyncDisposable> AddRouteAsync(HeaderRule rule, RequestDelegate handler, CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        _routes++;
        return new Route(this);
    }

    public async Task<DecoyProbe> ProbeDecoyAsync(CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        var leads = _world.Cluster.Controllers.DataPath.AddressesOf(World.Namespace, "interceptor-leaf-decoy").Count > 0;
        return new DecoyProbe([new DecoyPortProbe("http", "decoy:3010", leads ? null : "no route", TimeSpan.Zero)]);
    }

    public async Task<ServiceProbe> ProbeServiceAsync(ServiceProbeRequest request, CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        var addresses = _world.Cluster.Controllers.DataPath.AddressesOf(World.Namespace, request.Host.Split('.')[0]).Order(StringComparer.Ordinal).ToArray();
        var answers = Enumerable.Range(0, request.Count).Select(_ => Answer(addresses));
        return new ServiceProbe([.. answers.Select(answer => new ServiceProbeAnswer(answer, answer.ToString(), TimeSpan.Zero))]);
    }

    public async Task<ProxyStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        return Status(inFlight: _world.Scheduler.Chance.Next(4) == 0 ? 1 : 0);
    }

    public async Task<ProxyStatus> DisconnectCallersAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        await TravelAsync(cancellationToken);
        return Status(inFlight: 0);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Delay(_world.Scheduler.Latency(), _actor.Time, CancellationToken.None);
        _lost.TrySetResult();
    }

    private ProxyStatus Status(int inFlight) => new(false, 1, new SessionReport(_routes, inFlight, 0, 0, 0), []);

    private ProbeAnswer Answer(string[] addresses)
    {
        if (addresses.Length == 0)
        {
            return ProbeAnswer.Nothing;
        }

        var address = addresses[_world.Scheduler.Chance.Next(addresses.Length)];
        return address == _address ? ProbeAnswer.Me : _world.IsProxy(address) ? ProbeAnswer.OtherProxy : ProbeAnswer.NotAProxy;
    }

    /// <summary>There and back; a pod that is gone answers nothing any more.</summary>
    private async Task TravelAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_world.Scheduler.Latency(), _actor.Time, cancellationToken);
        if (_world.Cluster.Store.FindByUid(_uid) is null)
        {
            var reason = new InterceptException($"The pod {Proxy.Pod} is gone.");
            _lost.TrySetException(reason);
            _ = _lost.Task.Exception;
            throw reason;
        }
    }

    private sealed class Route(SimulatedProxy proxy) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Delay(proxy._world.Scheduler.Latency(), proxy._actor.Time, CancellationToken.None);
            proxy._routes--;
        }
    }
}
