using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Proxy.Protocol;
using Intercept.Teardown.Tests.Model.Replay.Stepping;
using Intercept.Teardown.Tests.Model.Transitions;
using k8s.Models;

namespace Intercept.Teardown.Tests.Model.Replay.Actors;

/// <summary>A later run: finds orphans with the engine's own search, and closes the one that the model says.</summary>
internal sealed class SweepProcess(ReplayWorld world, ServiceReference service) : IAsyncDisposable
{
    private SteppedApi? _api;
    private StepFlow? _flow;

    /// <param name="participant">Whom to close.</param>
    /// <param name="dead">Uids of the Sessions whose holders count as dead.</param>
    public async Task StartClosingAsync(Participant participant, IReadOnlySet<string> dead)
    {
        var found = await Orphans(world.Api).FindAsync(
            session => dead.Contains(session.Metadata.Uid) ? "its process has ended" : null, everything: true, CancellationToken.None);
        var orphan = found.FirstOrDefault(orphan => orphan.Target.Participant == participant)
            ?? throw new InvalidOperationException($"The engine finds {string.Join(", ", found.Select(other => other.Reason))}, but not {participant}.");

        var api = new SteppedApi(world.Api, InterceptNames.For(service), service, isClosing: true);
        (_api, _flow) = (api, new StepFlow(api.Gate, "The sweeper"));
        await _flow.BeginAsync(() => Orphans(api).CloseAsync([orphan], new V1Service(), connect: null, CancellationToken.None));
    }

    public async Task ApplyAsync(Step step)
    {
        var next = await _flow!.GoAsync(step == Step.Leave ? [Step.Leave, Step.ReadForClosing] : [step]);
        if (next == step || (step == Step.DeleteSession && next is not null))
        {
            _flow.Expect(next, null);
        }

        if (step == Step.DeleteSession)
        {
            await _flow.Task;
        }
    }

    public Task CrashAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        _api?.End();
        if (_flow is not null)
        {
            await _flow.EndAsync();
        }
    }

    private Orphans Orphans(IClusterApi api) =>
        new(new ServiceScope(api, service, new PatientTime()), new InterceptTimeouts(), new StepLog(TimeProvider.System, null));
}
