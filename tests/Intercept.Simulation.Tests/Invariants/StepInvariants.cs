using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer;
using Intercept.Embedded.ApiServer.Storage;
using k8s;

namespace Intercept.Simulation.Tests.Invariants;

/// <summary>
/// What must hold after every single change of the cluster: I1 to I5 of docs/reliability.md, and F3, that nobody takes a
/// living participant off.
/// </summary>
internal sealed class StepInvariants
{
    private readonly World _world;
    private readonly Participants _participants;
    private readonly HashSet<string> _proxyAddresses = new(StringComparer.Ordinal);
    private string? _identity;
    private TimeSpan _led;

    public StepInvariants(World world)
    {
        _world = world;
        _participants = new Participants(world, () => ResidueIsDisturbed);
        _world.Cluster.Store.Changed += Check;
    }

    /// <summary>How many changes were checked.</summary>
    public long Checks { get; private set; }

    /// <summary>Whether somebody else deleted a part of an intercept: what depends on that part is then not ours to keep.</summary>
    public bool ResidueIsDisturbed { get; set; }

    /// <summary>Whether an address is, or was, that of a proxy.</summary>
    public bool IsProxy(string address) => _proxyAddresses.Contains(address);

    /// <summary>The process that wrote a Session.</summary>
    public string? HolderOf(string sessionUid) => _participants.HolderOf(sessionUid);

    private void Check(StoreEvent change)
    {
        Checks++;
        switch (change.Table.Resource.Plural)
        {
            case "services" when change.Object.Name == World.ServiceName:
                CheckService(change);
                CheckResidue();
                break;
            case "services" when change.Object.Name == Marks.Decoy && change.Type == WatchEventType.Deleted:
                CheckDecoyMayGo();
                CheckResidue();
                break;
            case "services" or "deployments":
                CheckResidue();
                break;
            case "sessions" or "configmaps":
                _participants.Note(change);
                break;
            case "pods" when change.Object.Labels.ContainsKey(Marks.SessionLabel):
                _proxyAddresses.Add(change.Object.ToJson().Object("status")!.Text("podIP")!);
                break;
        }
    }

    private void CheckService(StoreEvent change)
    {
        if (change.Type == WatchEventType.Deleted)
        {
            _identity = null;
            return;
        }

        var json = _world.Cluster.View(change.Object);
        var spec = json.Object("spec")!;
        var selector = spec.Object("selector").TextMap();
        var participants = Marks.ParticipantsOf(json);
        if (selector.Any(Marks.IsOurs) && participants is null)
        {
            _world.Report("I1", $"the Service is hijacked without a readable record: {json.ToJsonString()}");
        }

        if (participants is { Count: 0 })
        {
            _world.Report("I4", "the Service's record names no participant");
        }

        var identity = Identity(change.Object, spec);
        if (_identity is not null && _identity != identity && _world.Writer != World.Somebody)
        {
            _world.Report("I5", $"the Service was {_identity} and is now {identity}");
        }

        _identity = identity;
        if (change.Previous is { } previous && previous.Uid == change.Object.Uid)
        {
            var before = Marks.ParticipantsOf(_world.Cluster.View(previous));
            CheckNobodyIsDropped(before ?? [], participants ?? []);
            Count(before, participants);
            _led = participants is null && before is not null ? _world.Scheduler.Now : _led;
        }
    }

    private static string Identity(StoredObject service, JsonObject spec) =>
        $"{service.Uid} {spec.Text("clusterIP")} {spec.Text("type")} {string.Join(',', spec.Objects("ports").Select(port => port.Number("nodePort")).Where(port => port is not null))}";

    private void CheckNobodyIsDropped(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        foreach (var uid in before.Except(after))
        {
            var holder = HolderOf(uid);
            // Where somebody deleted proxy or decoy, whoever notices closes everybody, also who has just begun to close itself.
            if (ResidueIsDisturbed && _participants.IsClosing(uid))
            {
                continue;
            }

            if (holder is not null && holder != _world.Writer && _world.Writer != World.Somebody && _world.Processes.IsRunning(holder) && !_participants.IsGivenUp(uid))
            {
                _world.Report("F3", $"{_world.Writer} took off the participant of {holder}, which lives");
            }
        }
    }

    private void Count(IReadOnlyList<string>? before, IReadOnlyList<string>? after)
    {
        if (before is null && after is not null)
        {
            _world.Statistics.Add("hijacks");
        }
        else if (before is not null && after is null && _world.Writer != World.Somebody)
        {
            _world.Statistics.Add("restores");
        }
        else if (before is not null && after is not null && after.Except(before).Any())
        {
            _world.Statistics.Add("joins");
        }
    }

    private void CheckResidue()
    {
        if (ResidueIsDisturbed || _world.Cluster.Table("", "services").Find(World.Namespace, World.ServiceName) is not { } service)
        {
            return;
        }

        var json = _world.Cluster.View(service);
        if (Marks.ParticipantsOf(json) is not { } participants || !json.Object("spec")!.Object("selector").TextMap().All(Marks.IsOurs))
        {
            return;
        }

        RequireClaims(_world.Cluster.Table("apps", "deployments"), Marks.Interceptor, participants);
        RequireClaims(_world.Cluster.Table("", "services"), Marks.Decoy, participants);
    }

    private void RequireClaims(ResourceTable table, string name, IReadOnlyList<string> participants)
    {
        if (table.Find(World.Namespace, name) is not { IsTerminating: false } found)
        {
            _world.Report("I2", $"the Service is hijacked, and there is no {table.Resource.Kind} {name}");
        }
        else if (participants.Except(Marks.ClaimsOf(_world.Cluster.View(found))).FirstOrDefault() is { } missing)
        {
            _world.Report("I2", $"{HolderOf(missing)} takes part, but does not claim {table.Resource.Kind} {name}");
        }
    }

    /// <summary>The reaper has no right to read EndpointSlices: it waits until no caller has come for 1.5 s, and here none ever comes.</summary>
    private bool HasReaperWaited() =>
        _world.Writer?.StartsWith("reaper", StringComparison.Ordinal) == true && _world.Scheduler.Now - _led >= TimeSpan.FromSeconds(1.5);

    private void CheckDecoyMayGo()
    {
        var isThere = _world.Cluster.Table("", "services").Find(World.Namespace, World.ServiceName) is { IsTerminating: false };
        if (!ResidueIsDisturbed && isThere && !HasReaperWaited()
            && _world.Cluster.Controllers.DataPath.SlicesOf(World.Namespace, World.ServiceName).Where(IsProxy).FirstOrDefault() is { } address)
        {
            _world.Report("I3", $"the decoy went while the Service's EndpointSlice still names the proxy at {address}");
        }
    }
}
