using Intercept.Engine;
using Intercept.Engine.Guarding;
using Intercept.Engine.Tunnels;
using Intercept.Teardown.Tests.Model.Replay.Stepping;
using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model.Replay.Actors;

/// <summary>A test process: the real engine opens an intercept, keeps it, closes it, one step of the model at a time.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private static readonly Step[] Closing =
        [Step.MarkSession, Step.ReadForClosing, Step.Leave, Step.DropDeployment, Step.DropDecoy, Step.Unfence, Step.DeleteSession];

    private readonly ReplayWorld _world;
    private readonly ServiceReference _service;
    private readonly Holders _holder;
    private readonly SteppedApi _api;
    private readonly StepFlow _flow;
    private readonly InterceptEngine _engine;
    private Task<Interception>? _opening;
    private Interception? _interception;
    private bool _isActive;

    public EngineProcess(ReplayWorld world, ServiceReference service, Holders holder)
    {
        (_world, _service, _holder) = (world, service, holder);
        _api = new SteppedApi(world.Api, InterceptNames.For(service), service, isClosing: false);
        _flow = new StepFlow(_api.Gate, $"The engine of {holder}");
        _engine = new InterceptEngine(
            new ClusterConnection(_api, (_, _, _) => Task.FromResult<IProxyLink>(new AgreeableProxy()), () => throw new NotSupportedException("No intercept of a trace is proven through an entry."))
            {
                ReadProxyProgram = _ => Task.FromResult<IReadOnlyDictionary<string, byte[]>>(new Dictionary<string, byte[]> { ["p.dll"] = [1] }),
            },
            new PatientTime(),
            layers: InterceptLayers.None);
    }

    public Holders Holder => _holder;

    /// <summary>Whether its guard watches the Service.</summary>
    public bool IsActive => _isActive;

    public Task ApplyAsync(Step step) => step switch
    {
        Step.CreateSession => CreateSessionAsync(),
        Step.EnsureDeployment => _flow.GoToAsync(step, Step.EnsureDecoy),
        Step.EnsureDecoy => _flow.GoToAsync(step, Step.ReadService),
        Step.EnsureDecoyAndFindMark => GiveUpAsync(Step.EnsureDecoy),
        Step.ReadService => _flow.GoToAsync(step, Step.VerifySessionAndClaims),
        Step.FindFence => GiveUpAsync(Step.ReadService, Step.VerifySessionAndClaims),
        Step.FindSessionFenced => GiveUpAsync(Step.VerifySessionAndClaims),
        Step.FindClaimsGone => _flow.GoToAsync(Step.VerifySessionAndClaims, Step.EnsureDeployment),
        Step.VerifySessionAndClaims => _flow.GoToAsync(step, Step.Hijack),
        Step.HijackConflicts => _flow.GoToAsync(Step.Hijack, Step.ReadService),
        Step.Hijack => HijackAsync(),
        Step.HijackAndFindMark => GiveUpAsync(Step.Hijack),
        Step.Rejoin => GuardAsync(),
        Step.NoticeClosed => NoticeClosedAsync(),
        Step.StartClosing => StartClosingAsync(),
        Step.BecomeSuspected => Task.CompletedTask,
        Step.Crash => CrashAsync(),
        _ when Closing.Contains(step) => CloseAsync(step),
        _ => throw new InvalidOperationException($"No engine makes {step}."),
    };

    /// <summary>Lets the guard look at the Service once, and do what it does then.</summary>
    public async Task GuardAsync()
    {
        _api.IsGuarding = true;
        try
        {
            await LookAsync();
            var end = await Task.WhenAny(_api.Watch.Arrival, _interception!.Lost).WaitAsync(ReplayWorld.Patience);
            if (end == _interception.Lost)
            {
                throw new InvalidOperationException($"The guard of {_holder} gives up: {_interception.Lost.Exception?.InnerException?.Message}");
            }
        }
        finally
        {
            _api.IsGuarding = false;
        }
    }

    /// <summary>Ends the process as a kill does. An intercept that is open is not closed: all that it could do has ended with the gates.</summary>
    public async ValueTask DisposeAsync()
    {
        _api.End();
        await _flow.EndAsync();
        await _engine.DisposeAsync();
    }

    private async Task CreateSessionAsync()
    {
        var plan = new InterceptPlan
        {
            Service = _service,
            Rule = HeaderRule.Create(HeaderRule.DefaultName, $"of-{_holder}"),
            Handler = _ => Task.CompletedTask,
            SelectorStyle = SelectorStyle.Original,
            Holder = _holder.ToString(),
        };
        var next = await _flow.BeginAsync(() => _opening = _engine.OpenAsync(plan, new Progress(_api.Place), CancellationToken.None), Step.CreateSession);
        _flow.Expect(next, Step.EnsureDeployment);

        // The first beat has read the Session, so that it notices nothing before the model says so.
        await _api.Heartbeat.Arrival.WaitAsync(ReplayWorld.Patience);
    }

    private async Task HijackAsync()
    {
        await _flow.GoToAsync(Step.Hijack, null);
        _interception = await _opening!;
        _isActive = true;
    }

    /// <summary>A lost or closed Session is noticed by the heartbeat, a lost place in the record by the guard; what the other finds is the same.</summary>
    private async Task NoticeClosedAsync()
    {
        _isActive = false;
        _api.Place.BeginClosing();
        if (await _world.IsOpenAsync(_service, _holder))
        {
            _api.IsGuarding = true;
            await LookAsync();
        }
        else
        {
            _api.Heartbeat.Allow(Step.NoticeClosed);
        }

        ExpectClosing(await _api.Gate.Arrival.WaitAsync(ReplayWorld.Patience));
        _api.IsGuarding = false;
        _flow.Become(_interception!.CloseAsync(CancellationToken.None));
    }

    private async Task StartClosingAsync()
    {
        _isActive = false;
        _api.Place.BeginClosing();
        ExpectClosing(await _flow.BeginAsync(() => _interception!.CloseAsync(CancellationToken.None)));
    }

    /// <summary>The opening ends after these steps, and what it did is undone.</summary>
    private async Task GiveUpAsync(params Step[] steps) => ExpectClosing(await _flow.GoAsync(steps));

    /// <summary>A close begins with the mark, or where the Session is gone with the read of the Service.</summary>
    private void ExpectClosing(Step? next)
    {
        if (next != Step.ReadForClosing)
        {
            _flow.Expect(next, Step.MarkSession);
        }
    }

    private async Task CloseAsync(Step step)
    {
        var next = await _flow.GoAsync(step == Step.Leave ? [Step.Leave, Step.ReadForClosing] : [step]);
        if (next is { } other && Array.IndexOf(Closing, other) <= Array.IndexOf(Closing, step))
        {
            _flow.Expect(other, null);
        }

        if (step == Step.DeleteSession)
        {
            _flow.Expect(next, null);
            Complain();
        }
    }

    /// <summary>An opening that was given up fails, but leaves nothing; a close does not fail.</summary>
    private void Complain()
    {
        var failure = _flow.Task.Exception?.InnerException;
        if (failure is not null && (_interception is not null || !failure.Message.Contains("Nothing of it is left", StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"The engine of {_holder} complains: {failure.Message}", failure);
        }
    }

    private Task CrashAsync()
    {
        _isActive = false;
        return Task.CompletedTask;
    }

    private async Task LookAsync()
    {
        await _api.Watch.Arrival.WaitAsync(ReplayWorld.Patience);
        _api.Watch.LetOne();
    }

    /// <summary>Tells the place in the flow where the API's calls alone do not: which of them are looks, which are repairs.</summary>
    private sealed class Progress(FlowPlace place) : IProgress<InterceptStep>
    {
        public void Report(InterceptStep value)
        {
            if (value.Text.EndsWith("once more", StringComparison.Ordinal))
            {
                place.BeginAnew();
            }
        }
    }
}
