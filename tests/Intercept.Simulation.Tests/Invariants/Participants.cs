using System.Text;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;
using k8s;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>
/// Everybody who ever wrote a Session: who holds it, when it last gave a sign of life, and whether somebody else has closed it.
/// Read from what is stored, without the engine's own code. Where somebody deleted the proxy or the decoy, all are closed at once.
/// </summary>
internal sealed class Participants(World world, Func<bool> isBroken)
{
    private readonly Dictionary<string, Participant> _known = new(StringComparer.Ordinal);

    /// <summary>The process that wrote a Session.</summary>
    public string? HolderOf(string sessionUid) => _known.GetValueOrDefault(sessionUid)?.Holder;

    /// <summary>
    /// Whether others may close a participant although its process runs: its Session is gone, or was marked by somebody who was
    /// right to do so.
    /// </summary>
    public bool IsGivenUp(string sessionUid) => _known.TryGetValue(sessionUid, out var known) && (known.IsGone || known.IsMarked);

    /// <summary>Whether a participant says that it is being closed, by whomever.</summary>
    public bool IsClosing(string sessionUid) => _known.TryGetValue(sessionUid, out var known) && known.IsClosing;

    /// <summary>Takes note of a change to a Session, of either form.</summary>
    public void Note(StoreEvent change)
    {
        if (SpecOf(world.Cluster.View(change.Object)) is not { } spec)
        {
            return;
        }

        if (change.Type == WatchEventType.Deleted)
        {
            if (_known.TryGetValue(change.Object.Uid, out var gone))
            {
                gone.IsGone = true;
            }

            return;
        }

        var (heartbeat, phase) = StatusOf(world.Cluster.View(change.Object));
        if (!_known.TryGetValue(change.Object.Uid, out var known))
        {
            known = new Participant(spec.Object("holder")!.Text("name")!, TimeSpan.FromSeconds(spec.Number("ttlSeconds") ?? 30), world.Scheduler.Now);
            _known.Add(change.Object.Uid, known);
        }

        if (heartbeat != known.Heartbeat)
        {
            known.Heartbeat = heartbeat;
            known.LastBeat = world.Scheduler.Now;
        }

        known.IsClosing |= phase == "Closing";
        if (phase == "Closing" && !known.IsMarked && world.Writer != known.Holder)
        {
            Mark(known, change.Object.Name);
        }
    }

    private void Mark(Participant known, string session)
    {
        known.IsMarked = true;
        world.Statistics.Add($"closed by {world.Writer!.Split('-')[0]}");
        if (!world.Processes.IsRunning(known.Holder))
        {
            return;
        }

        world.Statistics.Add("suspicions of the living");
        var silence = world.Scheduler.Now - known.LastBeat;
        if (silence < known.TimeToLive && !isBroken())
        {
            world.Report("F3", $"{world.Writer} closes Session {session} of {known.Holder}, which lives and gave a sign of life {silence} ago (time to live {known.TimeToLive})");
        }
    }

    private static JsonObject? SpecOf(JsonObject json) =>
        json.Text("kind") == "Session" ? json.Object("spec")
        : json.Object("data")?.Text("session.json") is { } text ? ApiJson.ParseObject(Encoding.UTF8.GetBytes(text)).Object("spec")
        : null;

    private static (string? Heartbeat, string? Phase) StatusOf(JsonObject json)
    {
        var status = json.Text("kind") == "Session" ? json.Object("status")
            : Marks.Annotation(json, Marks.Status) is { } text ? ApiJson.ParseObject(Encoding.UTF8.GetBytes(text)) : null;
        return (status?.Text("heartbeat"), status?.Text("phase"));
    }

    private sealed class Participant(string holder, TimeSpan timeToLive, TimeSpan begun)
    {
        public string Holder => holder;

        public TimeSpan TimeToLive => timeToLive;

        public string? Heartbeat { get; set; }

        public TimeSpan LastBeat { get; set; } = begun;

        public bool IsClosing { get; set; }

        /// <summary>Another one closes it.</summary>
        public bool IsMarked { get; set; }

        public bool IsGone { get; set; }
    }
}
