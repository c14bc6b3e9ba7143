using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Tunnels;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Proxies;
using Intercept.Simulation.Tests.Scheduling;
using k8s;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>A test process with the real engine in it.</summary>
internal sealed class EngineProcess
{
    private readonly World _world;
    private readonly Func<int> _requests;

    public EngineProcess(World world, string name, IFaults faults)
    {
        _world = world;
        Actor = world.CreateProcess(name);
        var network = new SimulatedNetwork(world, Actor, faults);
        _requests = () => network.Requests;
        var client = new Kubernetes(new KubernetesClientConfiguration { Host = "http://localhost" }, network);
        Api = new ClusterApi(client, Actor.Time, world.Scheduler.Chance);
        Engine = new InterceptEngine(
            new ClusterConnection(
                Api,
                ConnectProxyAsync,
                () => throw new NotSupportedException("No intercept of a schedule is proven through an entry."))
            {
                ReadProxyProgram = _ => Task.FromResult<IReadOnlyDictionary<string, byte[]>>(new Dictionary<string, byte[]> { ["p.dll"] = [1] }),
            },
            Actor.Time);
    }

    public Actor Actor { get; }

    public InterceptEngine Engine { get; }

    public IClusterApi Api { get; }

    /// <summary>API requests so far.</summary>
    public int Requests => _requests();

    /// <summary>What became of its intercept, for people.</summary>
    public string Result { get; private set; } = "not begun";

    /// <summary>Whether its intercept stood at some time.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>Whether its intercept was closed without a complaint.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Whether it said that something of its intercept may be left.</summary>
    public bool Complains { get; private set; }

    /// <summary>Opens an intercept, holds it, closes it, and ends.</summary>
    public void Start(TimeSpan begin, TimeSpan hold, string header) => Actor.Start(async () =>
    {
        await Task.Delay(begin, Actor.Time, CancellationToken.None);
        try
        {
            var interception = await Engine.OpenAsync(Plan(header), null, CancellationToken.None);
            HasOpened = true;
            Note($"opened {interception.SessionName}");
            await Task.Delay(hold, Actor.Time, CancellationToken.None);
            await interception.CloseAsync(CancellationToken.None);
            HasClosed = true;
            Note("closed");
        }
        catch (InterceptException exception)
        {
            Complains = exception.Message.Contains("The close failed", StringComparison.Ordinal);
            Note(exception.Message);
        }

        if (!Complains)
        {
            Traces.Forbid(_world, Actor.Name);
        }
    });

    public Task<IProxyLink> ConnectProxyAsync(ServiceScope scope, TunnelOptions options, CancellationToken cancellationToken) =>
        SimulatedProxy.ConnectAsync(_world, Actor, scope, cancellationToken);

    private InterceptPlan Plan(string header) => new()
    {
        Service = ServiceReference.Parse($"{World.Namespace}/{World.ServiceName}"),
        Rule = HeaderRule.Create(HeaderRule.DefaultName, header),
        Handler = _ => Task.CompletedTask,
        Holder = Actor.Name,
    };

    private void Note(string text)
    {
        Result = text;
        _world.Trace.Note(Actor.Name, text);
    }
}
