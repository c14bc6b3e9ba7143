using System.Text.Json.Nodes;
using Intercept.Engine;
using Intercept.Proxy.Configuration;
using Intercept.Proxy.Control;
using Intercept.Proxy.Listening;
using Intercept.Proxy.Protocol;
using Intercept.Proxy.Reaping;
using Intercept.Proxy.Routing;
using Intercept.Proxy.Sessions;
using Intercept.Teardown.Tests.Model.Replay.Stepping;
using Intercept.Teardown.Tests.Model.Transitions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Intercept.Teardown.Tests.Model.Replay.Actors;

/// <summary>
/// The reaper in the proxy pod, without its judgement of who is dead, which is a matter of time: the model says whom it closes.
/// Its requests go a road of their own, on which each waits for its step.
/// </summary>
internal sealed class ReaperPod : IAsyncDisposable
{
    private readonly InterceptNames _names;
    private readonly ApiClient _client;
    private readonly SessionReader _sessions;
    private readonly ParticipantClosing _closing;
    private readonly SessionRegistry _registry;
    private Participant? _participant;
    private JsonArray? _managedFields;
    private StepGate? _gate;
    private StepFlow? _flow;
    private FlowPlace? _place;

    public ReaperPod(ReplayWorld world, ServiceReference service, string serviceUid)
    {
        _names = InterceptNames.For(service);
        var configuration = new ReaperConfiguration
        {
            Namespace = service.Namespace,
            Service = service.Name,
            ServiceUid = serviceUid,
            Interceptor = _names.Interceptor,
            Decoy = _names.Decoy,
        };
        var settings = new ConfigurationBuilder().AddInMemoryCollection(world.ReaperSettings).Build();
        var time = new HurriedTime();
        var state = new ProxyState(new ProxyConfiguration { Contract = 1, Service = service.ToString(), DecoyHost = "decoy", Ports = [] }, settings, time);
        _client = new ApiClient(new ApiAccess(settings), new PatientTime());
        _registry = new SessionRegistry(new RouteTable(), state, time, NullLogger<SessionRegistry>.Instance);
        _sessions = new SessionReader(_client, configuration);
        _closing = new ParticipantClosing(
            new Target(_client, configuration, time), new Residue(_client, configuration), _sessions, _registry, new Drain(state, time), NullLogger.Instance);
    }

    public void StartClosing(Participant participant) => _participant = participant;

    public Task ApplyAsync(Step step) => step == Step.MarkSession ? MarkAsync() : GoAsync(step);

    /// <summary>Holds a request of the reaper until its step is made.</summary>
    public async Task PassAsync(string method, string path)
    {
        if (_gate is { } gate && _place is { } place)
        {
            await gate.PassAsync(place.Of(VerbOf(method), SubjectOf(path)), CancellationToken.None);
        }
    }

    /// <summary>The pod is killed.</summary>
    public async Task DieAsync()
    {
        if (_flow is not null)
        {
            await _flow.EndAsync();
        }

        (_gate, _place, _flow, _managedFields) = (null, null, null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await DieAsync();
        _registry.Dispose();
        _client.Dispose();
    }

    /// <summary>As the reaper's look does it for one participant that it takes for dead.</summary>
    private async Task MarkAsync()
    {
        (_gate, _place) = (null, null);
        var found = await _sessions.FindAsync(_participant!);
        var session = found?.Live.Uid == _participant!.Uid ? found : null;
        _managedFields = session?.ManagedFields ?? _managedFields;
        if (session is not null && !await _sessions.MarkClosingAsync(session))
        {
            throw new InvalidOperationException("The reaper could not mark the Session, although nobody wrote it since.");
        }

        (_gate, _place) = (new StepGate(), new FlowPlace(isClosing: true));
        _flow = new StepFlow(_gate, "The reaper");
        var next = await _flow.BeginAsync(() => _closing.RunAsync(_participant, _managedFields, CancellationToken.None));
        _flow.Expect(next, Step.ReadForClosing);
    }

    private async Task GoAsync(Step step)
    {
        var next = await _flow!.GoAsync(step == Step.Leave ? [Step.Leave, Step.ReadForClosing] : [step]);
        if (next == step || (step == Step.DropDeployment && next is not null))
        {
            _flow.Expect(next, null);
        }

        if (step == Step.DropDeployment)
        {
            await _flow.Task;
        }
    }

    private static CallVerb VerbOf(string method) => method switch
    {
        "GET" => CallVerb.Read,
        "DELETE" => CallVerb.Delete,
        _ => CallVerb.Write,
    };

    private CallSubject SubjectOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name == _names.Decoy ? CallSubject.Decoy
            : name == _names.Interceptor ? CallSubject.Proxy
            : path.Contains("/services/", StringComparison.Ordinal) ? CallSubject.Service
            : CallSubject.Session;
    }
}
