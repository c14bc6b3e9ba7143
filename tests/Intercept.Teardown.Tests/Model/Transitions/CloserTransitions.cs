using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The sweeper and the reaper: close whom they find dead, one at a time.</summary>
internal sealed class CloserTransitions(ModelSettings settings, ClosingSteps closing, RecoveryWork recovery)
{
    public void AddSweeper(ModelState state, List<Transition> into)
    {
        if (state.Sweeper.IsIdle)
        {
            AddStarts(state, Actor.Sweeper, into);
            return;
        }

        if (state.SweeperCrashes < settings.SweeperCrashes)
        {
            var crashed = state with { Sweeper = default, SweeperCrashes = state.SweeperCrashes + 1 };
            into.Add(new Transition(new ModelAction(Actor.Sweeper, Step.Crash, state.Sweeper.Of), crashed));
        }

        into.Add(Next(state, Actor.Sweeper, state.Sweeper));
    }

    public void AddReaper(ModelState state, List<Transition> into)
    {
        if (!state.HasDeployment)
        {
            if (!state.Reaper.IsIdle)
            {
                into.Add(new Transition(new ModelAction(Actor.Reaper, Step.DieWithDeployment, state.Reaper.Of), state with { Reaper = default }));
            }
        }
        else if (state.Reaper.IsIdle)
        {
            AddStarts(state, Actor.Reaper, into);
        }
        else
        {
            into.Add(Next(state, Actor.Reaper, state.Reaper));
        }
    }

    private static ModelState With(ModelState state, Actor actor, CloserState closer) =>
        actor == Actor.Sweeper ? state with { Sweeper = closer } : state with { Reaper = closer };

    private void AddStarts(ModelState state, Actor actor, List<Transition> into)
    {
        var work = recovery.Of(state);
        if (actor == Actor.Reaper && settings.ReaperDeploymentLast && (work & ~state.DeploymentClaims) is var unclaimed && unclaimed != Holders.None)
        {
            work = unclaimed;
        }

        for (var holder = Holders.A; holder <= Holders.B; holder++)
        {
            if ((work & holder) != 0)
            {
                into.Add(new Transition(new ModelAction(actor, Step.StartClosing, holder), With(state, actor, new CloserState(1, holder))));
            }
        }
    }

    private Transition Next(ModelState state, Actor actor, CloserState closer)
    {
        var step = closing.At(closer.Next, actor);
        var after = step == Step.Leave && closer.FoundFence ? state : closing.Apply(state, step, closer.Of, actor);
        var found = step == Step.ReadForClosing ? (state.Fences & ~state.Participants & closer.Of) != 0 : closer.FoundFence && step != Step.Leave;
        var next = closer.Next == ClosingSteps.Count ? default : new CloserState(closer.Next + 1, closer.Of, found);
        return new Transition(new ModelAction(actor, step, closer.Of), With(after, actor, next));
    }
}
