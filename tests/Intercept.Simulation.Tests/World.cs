using Intercept.Embedded.ApiServer.Access;
using Intercept.Embedded.ApiServer.Schemas;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Invariants;
using Intercept.Simulation.Tests.Network;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests;

/// <summary>One simulated world: a cluster with Service shop/leaf, the processes around it, and what is checked all the time.</summary>
internal sealed class World
{
    public const string Namespace = "shop";
    public const string ServiceName = "leaf";

    /// <summary>Whoever is none of us.</summary>
    public const string Somebody = "kubectl";

    private readonly List<string> _violations = [];

    public World(int seed, ModelSchemas schemas, Landscape landscape)
    {
        Scheduler = new Scheduler(seed);
        Trace = new Trace(Scheduler);
        Cluster = new SimulatedCluster(Scheduler, schemas);
        landscape.Install(Cluster);
        Expected = new ExpectedService(this);
        Steps = new StepInvariants(this);
    }

    public Scheduler Scheduler { get; }

    public SimulatedCluster Cluster { get; }

    public Trace Trace { get; }

    public ProcessTable Processes { get; } = new();

    public Statistics Statistics { get; } = new();

    /// <summary>What the Service would be if there never had been an intercept.</summary>
    public ExpectedService Expected { get; }

    public StepInvariants Steps { get; }

    /// <summary>Whether watches end early, expire or fall silent.</summary>
    public bool WatchesFail { get; set; }

    /// <summary>Who writes at this moment: a process, <c>kubectl</c>, or nobody but the controllers.</summary>
    public string? Writer { get; private set; }

    public IReadOnlyList<string> Violations => _violations;

    public Actor CreateProcess(string name)
    {
        var actor = new Actor(Scheduler, name);
        Processes.Add(actor);
        return actor;
    }

    /// <summary>Somebody's change, whose name the invariants see.</summary>
    public void Write(string who, Action write)
    {
        Writer = who;
        try
        {
            write();
        }
        finally
        {
            Writer = null;
        }
    }

    public ApiAnswer Serve(string who, ApiRequest request, Caller? caller = null)
    {
        Writer = who;
        try
        {
            return Cluster.Serve(request, caller ?? Caller.Administrator);
        }
        finally
        {
            Writer = null;
        }
    }

    /// <summary>Whether an address is, or was, that of a proxy.</summary>
    public bool IsProxy(string address) => Steps.IsProxy(address);

    /// <summary>Notes that an invariant does not hold.</summary>
    public void Report(string invariant, string what)
    {
        _violations.Add($"{invariant} at {Scheduler.Now}: {what}");
        Trace.Note("VIOLATION", $"{invariant}: {what}");
    }

    /// <summary>Lets time pass until the controllers have followed everything.</summary>
    public void Settle() => Scheduler.RunUntil(() => Cluster.Controllers.AreAtRest, TimeSpan.MaxValue);
}
