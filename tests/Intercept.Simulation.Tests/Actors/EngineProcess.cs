using Intercept.Engine;
using Intercept.Engine.Guarding;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>A test process with the real engine in it.</summary>
#pragma warning disable CA1001 // A source without a timer has nothing to dispose, and a process may end at any time.
internal sealed class EngineProcess
#pragma warning restore CA1001
{
    private readonly World _world;
    private readonly ClusterProcess _process;
    private readonly CancellationTokenSource _cancelled = new();

    public EngineProcess(World world, string name, IFaults faults, InterceptLayers? layers = null)
    {
        _world = world;
        _process = new ClusterProcess(world, name, faults);
        Engine = new InterceptEngine(_process.Cluster, _process.Actor.Time, access: null, layers);
    }

    public Actor Actor => _process.Actor;

    public SimulatedNetwork Network => _process.Network;

    public InterceptEngine Engine { get; }

    /// <summary>API requests so far.</summary>
    public int Requests => Network.Requests;

    /// <summary>What became of its intercept, for people.</summary>
    public string Result { get; private set; } = "not begun";

    /// <summary>Whether its intercept stood at some time.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>Whether its intercept was closed without a complaint.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Whether its intercept was lost, and it was told so.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Whether it said that something of its intercept may be left.</summary>
    public bool Complains { get; private set; }

    /// <summary>Its test is cancelled: what is being opened is undone, what is open is closed.</summary>
    public void Cancel() => _cancelled.Cancel();

    /// <summary>Opens an intercept, holds it, closes it, and ends.</summary>
    public void Start(TimeSpan begin, TimeSpan hold, InterceptPlan plan) => Actor.Start(async () =>
    {
        await Task.Delay(begin, Actor.Time, CancellationToken.None);
        try
        {
            await RunAsync(hold, plan);
        }
        catch (InterceptException exception)
        {
            Complains = exception.Message.Contains("The close failed", StringComparison.Ordinal);
            Note(exception.Message);
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested)
        {
            Note("cancelled, and nothing is left");
        }

        if (!Complains)
        {
            Traces.Forbid(_world, Actor.Name);
        }
    });

    /// <summary>The same with a plan of its own rule.</summary>
    public void Start(TimeSpan begin, TimeSpan hold, string header) => Start(begin, hold, Plan(header));

    /// <summary>An intercept of the Service for a header value.</summary>
    public InterceptPlan Plan(string header) => new()
    {
        Service = ServiceReference.Parse($"{World.Namespace}/{World.ServiceName}"),
        Rule = HeaderRule.Create(HeaderRule.DefaultName, header),
        Handler = _ => Task.CompletedTask,
        Holder = Actor.Name,
    };

    private async Task RunAsync(TimeSpan hold, InterceptPlan plan)
    {
        var interception = await Engine.OpenAsync(plan, null, _cancelled.Token);
        HasOpened = true;
        Note($"opened {interception.SessionName}");
        try
        {
            await Task.Delay(hold, Actor.Time, _cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            // What is open is closed all the same.
        }

        HasLost = interception.Lost.IsFaulted;
        try
        {
            await interception.CloseAsync(CancellationToken.None);
        }
        finally
        {
            // Tries again where the close failed, and is quiet about it.
            await interception.DisposeAsync();
        }

        HasClosed = true;
        Note(HasLost ? "lost and closed" : "closed");
    }

    private void Note(string text)
    {
        Result = text;
        _world.Trace.Note(Actor.Name, text);
    }
}
