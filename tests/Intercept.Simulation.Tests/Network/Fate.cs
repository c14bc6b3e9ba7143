namespace Intercept.Simulation.Tests.Network;

/// <summary>What becomes of one request.</summary>
internal enum Fate
{
    /// <summary>It is served and answered.</summary>
    Served,

    /// <summary>It is refused and has no effect.</summary>
    RefusedBefore,

    /// <summary>It has its effect, but the answer is an error.</summary>
    RefusedAfter,

    /// <summary>It has no effect, and the connection breaks.</summary>
    BrokenBefore,

    /// <summary>It has its effect, and the connection breaks before the answer.</summary>
    BrokenAfter,

    /// <summary>It has no effect and is never answered.</summary>
    HangsBefore,

    /// <summary>It has its effect and is never answered.</summary>
    HangsAfter,

    /// <summary>It has its effect seconds later, when its sender may have given it up, repeated it, undone it, or died.</summary>
    Late,

    /// <summary>Its answer comes seconds later: what it tells may no longer be so.</summary>
    Stale,

    /// <summary>The process dies before the request has left it.</summary>
    DiesBefore,

    /// <summary>The request has its effect; the process dies before it has the answer.</summary>
    DiesAfter,
}

/// <summary>A fate, with the status of the answer where that is an error.</summary>
internal readonly record struct Outcome(Fate Fate, int Status = 0)
{
    public static Outcome Served { get; } = new(Fate.Served);

    public bool HasEffect => Fate is Fate.Served or Fate.RefusedAfter or Fate.BrokenAfter or Fate.HangsAfter or Fate.Late or Fate.Stale or Fate.DiesAfter;

    public override string ToString() => Status == 0 ? $"{Fate}" : $"{Fate} {Status}";
}

/// <summary>Decides about each request of one process.</summary>
internal interface IFaults
{
    /// <param name="number">Which request of the process this is, from 1.</param>
    /// <param name="request">What it asks for.</param>
    Outcome Decide(int number, Cluster.ApiRequest request);
}

/// <summary>Nothing goes wrong.</summary>
internal sealed class NoFaults : IFaults
{
    public static NoFaults Instance { get; } = new();

    public Outcome Decide(int number, Cluster.ApiRequest request) => Outcome.Served;
}

/// <summary>One request, chosen by its number, goes wrong; with it, where asked for, all that follow for a while.</summary>
internal sealed class OneFault(int failing, Outcome outcome, int repeats = 1) : IFaults
{
    public Outcome Decide(int number, Cluster.ApiRequest request) =>
        number >= failing && number < failing + repeats ? outcome : Outcome.Served;
}

/// <summary>One request goes wrong, and the process dies before it can send the next one.</summary>
internal sealed class LastFault(int failing, Outcome outcome) : IFaults
{
    public Outcome Decide(int number, Cluster.ApiRequest request) =>
        number < failing ? Outcome.Served : number == failing ? outcome : new Outcome(Fate.DiesBefore);
}
