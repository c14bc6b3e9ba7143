using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Engine;
using Intercept.Engine.Tunnels;
using Intercept.Proxy.Contract;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Scheduling;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Simulation.Tests.Proxies;

/// <summary>
/// A connection to a proxy that does what it shall as long as its pod is there. What its probes find follows from the cluster's
/// EndpointSlices, a moment behind them.
/// </summary>
internal sealed class SimulatedProxy : IProxyLink
{
    private static readonly TimeSpan ReattachLimit = TimeSpan.FromSeconds(8);

    private readonly World _world;
    private readonly Actor _actor;
    private string _uid;
    private string _address;
    private readonly TaskCompletionSource _lost = new();
    private int _routes;

    private SimulatedProxy(World world, Actor actor, V1Pod pod)
    {
        (_world, _actor) = (world, actor);
        (_uid, _address) = (pod.Metadata.Uid, pod.Status.PodIP);
        Proxy = new WelcomeMessage(pod.Metadata.Uid, pod.Metadata.Name, ContractVersion.Current, "token");
        world.Cluster.Store.Changed += Note;
    }

    public Task Lost => _lost.Task;

    public bool IsConnected => !_lost.Task.IsCompleted && _world.Cluster.Store.FindByUid(_uid) is not null;

    public WelcomeMessage Proxy { get; private set; }

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
        _world.Cluster.Store.Changed -= Note;
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
        if (!TryReattach())
        {
            throw Lose();
        }
    }

    // Under the store's lock: only takes note. A tunnel is given up when it found no pod for a while.
    private void Note(StoreEvent change)
    {
        if (change.Type == WatchEventType.Deleted && change.Object.Uid == _uid)
        {
            _world.Scheduler.After(ReattachLimit, _actor, () =>
            {
                if (!TryReattach())
                {
                    Lose();
                }
            });
        }
    }

    /// <summary>The pod, or the one that has come in its place.</summary>
    private bool TryReattach()
    {
        if (_world.Cluster.Store.FindByUid(_uid) is not null)
        {
            return true;
        }

        var next = _world.Cluster.Table("", "pods").Objects.In(World.Namespace)
            .FirstOrDefault(pod => pod.Labels.ContainsKey(Marks.SessionLabel) && !pod.IsTerminating);
        if (next is null || _lost.Task.IsCompleted)
        {
            return false;
        }

        (_uid, _address) = (next.Uid, next.ToJson().Object("status")!.Text("podIP")!);
        Proxy = new WelcomeMessage(next.Uid, next.Name, ContractVersion.Current, "token");
        return true;
    }

    private InterceptException Lose()
    {
        var reason = new InterceptException($"The pod {Proxy.Pod} is gone.");
        _lost.TrySetException(reason);
        _ = _lost.Task.Exception;
        return reason;
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
