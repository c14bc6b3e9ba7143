using Intercept.Engine;
using Intercept.Engine.Closing;
using Intercept.Simulation.Tests.Network;
using k8s.Models;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>A later process of the same machine that closes what ended ones have left, as each opening does first.</summary>
internal sealed class Sweeper(World world, string name, IFaults faults)
{
    private readonly ClusterProcess _process = new(world, name, faults);

    public Scheduling.Actor Actor => _process.Actor;

    public void Start() => Actor.Start(async () =>
    {
        var cluster = _process.Cluster;
        var scope = new ServiceScope(cluster.Api, ServiceReference.Parse($"{World.Namespace}/{World.ServiceName}"), Actor.Time);
        var service = await cluster.Api.FindAsync<V1Service>(World.Namespace, World.ServiceName, CancellationToken.None);
        if (service is not null)
        {
            await new Orphans(scope, new InterceptTimeouts(), new StepLog(Actor.Time, null)).CloseAsync(
                service, cluster.ConnectProxy, SweepScope.Dead, CancellationToken.None);
            await AbandonedOwnership.ClearAsync(scope, service, CancellationToken.None);
        }
    });
}
