using System.Text.Json.Nodes;
using Intercept.Engine;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Proxy.Protocol;
using Intercept.Teardown.Tests.Model.Replay.Actors;
using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;
using k8s;
using k8s.Models;

namespace Intercept.Teardown.Tests.Model.Replay;

/// <summary>
/// Makes the model's steps with the real engine, the real reaper and what kubectl sends, against the API of an embedded cluster.
/// README.md, one folder up, has the table of what maps to what.
/// </summary>
internal sealed class EngineDriver : IProtocolDriver
{
    private readonly ReplayWorld _world;
    private readonly ServiceReference _service;
    private readonly InterceptNames _names;
    private readonly ServiceOwner _owner;
    private readonly EngineProcess[] _engines;
    private readonly SweepProcess _sweeper;
    private readonly ReaperPod _reaper;
    private readonly HashSet<Holders> _dead = [];
    private readonly Dictionary<Holders, Participant> _participants = [];

    private EngineDriver(ReplayWorld world, ServiceReference service, ServiceOwner owner, string serviceUid)
    {
        (_world, _service, _names, _owner) = (world, service, InterceptNames.For(service), owner);
        _engines = [new EngineProcess(world, service, Holders.A), new EngineProcess(world, service, Holders.B)];
        _sweeper = new SweepProcess(world, service);
        _reaper = new ReaperPod(world, service, serviceUid);
        world.Add(service.Namespace, _reaper);
    }

    /// <summary>A new namespace with its Service, and nobody there yet.</summary>
    public static async Task<EngineDriver> CreateAsync(ReplayWorld world, CancellationToken cancellationToken)
    {
        var service = world.NextService();
        var owner = new ServiceOwner(world.Client, service);
        var created = await owner.CreateAsync(cancellationToken);
        return new EngineDriver(world, service, owner, created.Metadata.Uid);
    }

    public async Task ApplyAsync(ModelAction action, CancellationToken cancellationToken)
    {
        switch (action.Actor)
        {
            case Actor.A or Actor.B:
                await ApplyEngineAsync(action, cancellationToken);
                break;
            case Actor.Sweeper when action.Step == Step.StartClosing:
                await _sweeper.StartClosingAsync(_participants[action.Of], _dead.Select(holder => _participants[holder].Uid).ToHashSet());
                break;
            case Actor.Sweeper:
                await (action.Step == Step.Crash ? _sweeper.CrashAsync() : _sweeper.ApplyAsync(action.Step));
                break;
            case Actor.Reaper when action.Step == Step.StartClosing:
                _reaper.StartClosing(_participants[action.Of]);
                break;
            case Actor.Reaper:
                await (action.Step == Step.DieWithDeployment ? _reaper.DieAsync() : _reaper.ApplyAsync(action.Step));
                break;
            case Actor.Guard:
                await GuardAsync(cancellationToken);
                break;
            default:
                await _owner.ApplyAsync(action.Step, _participants.GetValueOrDefault(Holders.A), cancellationToken);
                break;
        }
    }

    public async Task<ClusterView> ReadStateAsync(CancellationToken cancellationToken)
    {
        var api = _world.Api;
        var service = (await api.FindAsync<V1Service>(_service.Namespace, _service.Name, cancellationToken))!;
        var sessions = await ReadSessionsAsync(cancellationToken);

        var record = service.ReadRecord();
        var isOurs = service.Spec.Selector.ContainsKey(Engine.Labels.Session);
        var form = !isOurs ? ServiceForm.Plain : SelectorOf(service.Spec.Selector) is null ? ServiceForm.Hijacked : ServiceForm.Mixed;
        return new ClusterView(
            form,
            SelectorOf(service.Spec.Selector),
            record is null ? null : SelectorOf(record.Original.Selector),
            HoldersOf(record?.Participants ?? []),
            HoldersOf(service.ToLive().Fences),
            await ReadClaimsAsync<V1Deployment>(_names.Interceptor, cancellationToken),
            await ReadClaimsAsync<V1Service>(_names.Decoy, cancellationToken),
            HoldersOf(sessions.Select(session => session.Participant)),
            HoldersOf(sessions.Where(session => session.IsClosing).Select(session => session.Participant)),
            service.ToLive().ManagedFields.Any(OwnsSpec));
    }

    public async ValueTask DisposeAsync()
    {
        _world.Remove(_service.Namespace);
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }

        await _sweeper.DisposeAsync();
        await _reaper.DisposeAsync();
        await _world.Client.CoreV1.DeleteNamespaceAsync(_service.Namespace);
    }

    private static int? SelectorOf(IEnumerable<KeyValuePair<string, string>> selector) =>
        selector.FirstOrDefault(pair => pair.Key == ServiceOwner.Key).Value is { } value ? int.Parse(value, null) : null;

    private static bool OwnsSpec(JsonNode? entry) =>
        entry?["manager"]?.ToString() == ProtocolNames.FieldManager && entry["fieldsV1"]?["f:spec"] is not null;

    private async Task ApplyEngineAsync(ModelAction action, CancellationToken cancellationToken)
    {
        var engine = _engines.Single(engine => engine.Holder == action.Of);
        await engine.ApplyAsync(action.Step);
        if (action.Step == Step.CreateSession)
        {
            _participants[action.Of] = (await ReadSessionsAsync(cancellationToken))
                .Single(session => session.Spec.Holder.Name == action.Of.ToString()).Participant;
        }
        else if (action.Step is Step.Crash or Step.BecomeSuspected)
        {
            _dead.Add(action.Of);
        }
    }

    private async Task GuardAsync(CancellationToken cancellationToken)
    {
        var record = (await _world.Api.FindAsync<V1Service>(_service.Namespace, _service.Name, cancellationToken))!.ReadRecord();
        var watcher = _engines.FirstOrDefault(engine => engine.IsActive && HoldersOf(record?.Participants ?? []).HasFlag(engine.Holder))
            ?? throw new InvalidOperationException("Nobody watches the Service.");
        await watcher.GuardAsync();
    }

    private async Task<Holders?> ReadClaimsAsync<T>(string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        await _world.Api.FindMetadataAsync<T>(_service.Namespace, name, cancellationToken) is { } live ? HoldersOf(live.ToLive().Claims) : null;

    private async Task<IReadOnlyList<SessionResource>> ReadSessionsAsync(CancellationToken cancellationToken) =>
        (await CustomResourceStore.ListAsync(_world.Api, _service.Namespace, cancellationToken)).Sessions;

    private Holders HoldersOf(IEnumerable<Participant> participants) =>
        participants.Aggregate(Holders.None, (all, participant) => all | _participants.Single(pair => pair.Value == participant).Key);
}
