using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Tunnels;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Proxies;
using Intercept.Simulation.Tests.Scheduling;
using k8s;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>A process with the engine's real API client in it, on the simulated network.</summary>
internal sealed class ClusterProcess
{
    private readonly World _world;

    public ClusterProcess(World world, string name, IFaults faults)
    {
        _world = world;
        Actor = world.CreateProcess(name);
        Network = new SimulatedNetwork(world, Actor, faults);
        var client = new Kubernetes(new KubernetesClientConfiguration { Host = "http://localhost" }, Network);
        Cluster = new ClusterConnection(
            new ClusterApi(client, Actor.Time, world.Scheduler.Chance),
            ConnectProxyAsync,
            () => throw new NotSupportedException("No intercept of a schedule is proven through an entry."))
        {
            ReadProxyProgram = _ => Task.FromResult<IReadOnlyDictionary<string, byte[]>>(new Dictionary<string, byte[]> { ["p.dll"] = [1] }),
        };
    }

    public Actor Actor { get; }

    public SimulatedNetwork Network { get; }

    public ClusterConnection Cluster { get; }

    private Task<IProxyLink> ConnectProxyAsync(ServiceScope scope, TunnelOptions options, CancellationToken cancellationToken) =>
        SimulatedProxy.ConnectAsync(_world, Actor, scope, cancellationToken);
}
