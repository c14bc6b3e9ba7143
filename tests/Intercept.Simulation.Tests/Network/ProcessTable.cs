using System.Text;
using System.Text.RegularExpressions;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Network;

/// <summary>
/// The processes of the one simulated machine. All run in this very process, so the holder that an engine writes into its
/// Session would always be found alive; on the wire each is given a start time of its own, which stands for a running process
/// only as long as its actor lives.
/// </summary>
internal sealed partial class ProcessTable
{
    private readonly Dictionary<string, Actor> _actors = new(StringComparer.Ordinal);

    /// <summary>The process of that name.</summary>
    public Actor this[string name] => _actors[name];

    public IEnumerable<Actor> All => _actors.Values;

    public void Add(Actor actor) => _actors.Add(actor.Name, actor);

    /// <summary>Whether there is such a process and it runs.</summary>
    public bool IsRunning(string name) => _actors.TryGetValue(name, out var actor) && actor is { IsAlive: true, HasFinished: false };

    /// <summary>What a process writes, with its own start time in it.</summary>
    public static ApiRequest Stamp(Actor actor, ApiRequest request) => request.Method == "POST" && Mentions(request.Body)
        ? request with { Body = Encoding.UTF8.GetBytes(Started.Replace(Encoding.UTF8.GetString(request.Body), $"$1~{actor.Name}")) }
        : request;

    /// <summary>What anybody reads: the start times of running processes are what the kernel says.</summary>
    public byte[] Show(byte[] body) => Mentions(body)
        ? Encoding.UTF8.GetBytes(Started.Replace(
            Encoding.UTF8.GetString(body),
            match => IsRunning(match.Groups[2].Value.TrimStart('~')) ? match.Groups[1].Value : match.Value))
        : body;

    private static bool Mentions(ReadOnlySpan<byte> body) => body.IndexOf("processStarted"u8) >= 0;

    // A Session in a ConfigMap is JSON in JSON, with its quotes escaped.
    [GeneratedRegex("""(processStarted(?:\\?"|\\u0022):(?:\\?"|\\u0022)[0-9]+)(~[a-z0-9-]+)?""", RegexOptions.CultureInvariant)]
    private static partial Regex Started { get; }
}
