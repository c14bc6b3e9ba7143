using Intercept.Engine.Guarding;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Scheduling;
using Intercept.Watchdog;

namespace Intercept.Simulation.Tests.Actors;

/// <summary>
/// The watchdog of one engine process, with the watchdog's real way of closing: it notices that the process has ended, and
/// closes what that one has not closed itself.
/// </summary>
internal sealed class SimulatedWatchdog
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly World _world;
    private readonly EngineProcess _engine;
    private readonly ClusterProcess _process;

    public SimulatedWatchdog(World world, EngineProcess engine, IFaults faults)
    {
        _world = world;
        _engine = engine;
        _process = new ClusterProcess(world, $"watchdog-of-{engine.Actor.Name}", faults);
        engine.Actor.Ended += () => world.Scheduler.After(world.Scheduler.Latency(), _process.Actor, Begin);
    }

    public Actor Actor => _process.Actor;

    /// <summary>Whether it has, or may have, something left to do.</summary>
    public bool IsAtWork => Actor.IsAlive && _engine.Actor.HasEnded && !Actor.HasFinished;

    private void Begin()
    {
        var isClean = _engine.Actor.HasFinished && !_engine.Complains;
        Actor.Start(isClean || _engine.Network.Nonce is not { } nonce ? () => Task.CompletedTask : () => CloseAsync(nonce));
    }

    private async Task CloseAsync(string nonce)
    {
        using var limit = new CancellationTokenSource(Patience, Actor.Time);
        var opening = new GuardedOpening($"{World.Namespace}/{World.ServiceName}", nonce);
        var closed = await new Closer(_process.Cluster, opening, new Log(_world, Actor.Name), Actor.Time).RunAsync(limit.Token);
        if (closed)
        {
            Traces.Forbid(_world, _engine.Actor.Name);
        }
    }

    private sealed class Log(World world, string name) : IProgress<string>
    {
        public void Report(string value) => world.Trace.Note(name, value);
    }
}
