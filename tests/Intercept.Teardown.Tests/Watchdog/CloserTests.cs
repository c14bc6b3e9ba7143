using Intercept.Engine;
using Intercept.Engine.Guarding;
using Intercept.Engine.Journal;
using Intercept.Teardown.Tests.Model.Replay;
using Intercept.Teardown.Tests.Model.Replay.Actors;
using Intercept.Watchdog;
using Microsoft.Extensions.Time.Testing;

namespace Intercept.Teardown.Tests.Watchdog;

/// <summary>What the test process sent last may be done by the API server after its end, and after the watchdog's first look.</summary>
public sealed class CloserTests(ReplayWorld world) : IClassFixture<ReplayWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Session_that_was_written_after_the_first_close_is_closed_too()
    {
        var service = world.NextService();
        var created = await new ServiceOwner(world.Client, service).CreateAsync(Token);
        var plan = new InterceptPlan
        {
            Service = service,
            Rule = HeaderRule.Create(HeaderRule.DefaultName, "late"),
            Handler = _ => Task.CompletedTask,
        };
        var draft = SessionDraft.Create(created, plan, InterceptNames.For(service), null, TimeProvider.System);
        var journal = new SessionJournal(world.Api, service, TimeProvider.System);
        var time = new PausingTime();
        using var log = new WatchdogLog(time);
        var closer = new Closer(
            ClusterConnection.Over(world.Client, TimeProvider.System), new GuardedOpening(service.ToString(), draft.Spec.Nonce), log, time);

        var closing = closer.RunAsync(Token);
        await time.Paused.WaitAsync(ReplayWorld.Patience, Token);
        Assert.False(closing.IsCompleted);
        await journal.WriteAsync(draft, Token);
        time.Advance(PausingTime.Pause);

        Assert.True(await closing.WaitAsync(ReplayWorld.Patience, Token));
        Assert.Null(await journal.FindAsync(draft.Spec.Nonce, Token));
    }

    /// <summary>Tells when somebody begins to wait for late writes.</summary>
    private sealed class PausingTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(2);

        public Task Paused => _paused.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Pause)
            {
                _paused.TrySetResult();
            }

            return timer;
        }
    }
}
