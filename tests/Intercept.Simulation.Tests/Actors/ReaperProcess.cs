using System.Text;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Control;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Reaping;
using Intercept.Proxy.Routing;
using Intercept.Proxy.Sessions;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Scheduling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>The proxy's real reaper in one container of a proxy's pod, with the rights that the pod's ServiceAccount has.</summary>
#pragma warning disable CA1001 // Its process ends with the schedule, and nothing of it is outside of that.
internal sealed class ReaperProcess
#pragma warning restore CA1001
{
    private readonly World _world;
    private readonly string _account;
    private readonly Reaper _reaper;

    private ReaperProcess(World world, string name, string account, ProxyConfiguration configuration, IFaults faults)
    {
        _world = world;
        _account = account;
        Actor = world.CreateProcess(name);
        var network = new SimulatedNetwork(world, Actor, faults) { Identity = Identify };
        var settings = new ConfigurationBuilder().Build();
        var state = new ProxyState(configuration, settings, Actor.Time);
        _reaper = new Reaper(
            state,
            new SimulatedAccess(settings, network),
            new ReaperStatus(),
            new SessionRegistry(new RouteTable(), state, Actor.Time, NullLogger<SessionRegistry>.Instance),
            new Drain(state, Actor.Time),
            Actor.Time,
            NullLogger<Reaper>.Instance);
    }

    public Actor Actor { get; }

    /// <summary>The reaper of a pod; null where it has no account, or can't start for lack of its ConfigMap.</summary>
    public static ReaperProcess? Create(World world, string name, StoredObject pod, IFaults faults)
    {
        var account = pod.ToJson().Object("spec")?.Text("serviceAccountName");
        var text = world.Cluster.Table("", "configmaps").Find(World.Namespace, Marks.Interceptor)?.ToJson().Object("data")?.Text(ProxyConfiguration.FileName);
        return account is null || text is null
            ? null
            : new ReaperProcess(world, name, account, ProxyConfigurationReader.Parse(Encoding.UTF8.GetBytes(text), name), faults);
    }

    public void Start() => Actor.Start(() => _reaper.RunAsync(CancellationToken.None));

    private Caller? Identify() => _world.Cluster.Table("", "serviceaccounts").Find(World.Namespace, _account) is null
        ? null
        : Caller.ServiceAccount(World.Namespace, _account);

    private sealed class SimulatedAccess(IConfiguration settings, SimulatedNetwork network) : ApiAccess(settings)
    {
        public override string? FindObstacle() => null;

        public override Uri GetAddress() => new("http://localhost");

        public override string ReadToken() => "simulated";

        public override HttpMessageHandler CreateHandler() => network;
    }
}
