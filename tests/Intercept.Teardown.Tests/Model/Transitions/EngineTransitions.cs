using System.Numerics;
using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The engine of a participant: opens, is active, closes; may crash or be suspected between any two steps.</summary>
internal sealed class EngineTransitions(ModelSettings settings, ClosingSteps closing)
{
    private readonly ServiceWrites _service = new(settings);

    public void Add(ModelState state, Holders holder, List<Transition> into)
    {
        if (((state.Crashed | state.Done) & holder) != 0)
        {
            return;
        }

        AddAccidents(state, holder, into);
        var engine = state.EngineOf(holder);
        switch (engine.Progress)
        {
            case Progress.Active:
                AddActive(state, holder, into);
                break;
            case >= Progress.Closing:
                into.Add(Close(state, holder, engine));
                break;
            default:
                into.Add(Open(state, holder, engine));
                break;
        }
    }

    private static bool IsAlive(ModelState state, Holders holder) => (state.Sessions & ~state.Marked & holder) != 0;

    private static Transition Make(Holders holder, Step step, ModelState next) =>
        new(new ModelAction(holder == Holders.A ? Actor.A : Actor.B, step, holder), next);

    private static Transition GiveUp(ModelState state, Holders holder, Step step) =>
        Make(holder, step, (state with { Lost = state.Lost | holder }).With(holder, Progress.Closing));

    private static ModelState EnsureDeployment(ModelState state, Holders holder, Progress next) =>
        (state with { HasDeployment = true, DeploymentClaims = state.DeploymentClaims | holder }).With(holder, next);

    private static ModelState EnsureDecoy(ModelState state, Holders holder, Progress next) =>
        (state with { HasDecoy = true, DecoyClaims = state.DecoyClaims | holder }).With(holder, next);

    private void AddActive(ModelState state, Holders holder, List<Transition> into)
    {
        var isIn = (state.Participants & holder) != 0;
        if (!IsAlive(state, holder) || (!isIn && (state.Form == ServiceForm.Plain || (state.Fences & holder) != 0)))
        {
            into.Add(GiveUp(state, holder, Step.NoticeClosed));
        }
        else if (!isIn)
        {
            into.Add(Make(holder, Step.Rejoin, _service.Hijack(state, holder)));
        }

        var closing = state.EngineOf(holder) with { Progress = Progress.Closing, Listing = state.Sessions };
        into.Add(Make(holder, Step.StartClosing, state.With(holder, closing)));
    }

    private void AddAccidents(ModelState state, Holders holder, List<Transition> into)
    {
        var engine = state.EngineOf(holder);
        if (engine.Progress == Progress.Started)
        {
            return;
        }

        var crashed = engine with { Progress = Progress.Crashed, HasFreshRead = false };
        into.Add(Make(holder, Step.Crash, (state with { Crashed = state.Crashed | holder }).With(holder, crashed)));
        if ((state.Suspected & holder) == 0 && BitOperations.PopCount((uint)state.Suspected) < settings.Suspicions)
        {
            into.Add(Make(holder, Step.BecomeSuspected, state with { Suspected = state.Suspected | holder }));
        }
    }

    private Transition Open(ModelState state, Holders holder, EngineState engine) => engine.Progress switch
    {
        Progress.Started => Make(holder, Step.CreateSession, (state with { Sessions = state.Sessions | holder }).With(holder, Progress.HasSession)),
        Progress.HasSession when settings.Has(Mistakes.HijackBeforeReady) => Make(holder, Step.SkipAhead, state.With(holder, Progress.HasDecoy)),
        Progress.HasSession => Make(holder, Step.EnsureDeployment, EnsureDeployment(state, holder, Progress.HasDeployment)),
        Progress.HasDeployment when FindsMark(state, holder) => GiveUp(EnsureDecoy(state, holder, Progress.HasDecoy), holder, Step.EnsureDecoyAndFindMark),
        Progress.HasDeployment => Make(holder, Step.EnsureDecoy, EnsureDecoy(state, holder, Progress.HasDecoy)),
        Progress.HasDecoy when (state.Fences & holder) != 0 => GiveUp(state, holder, Step.FindFence),
        Progress.HasDecoy => Make(
            holder,
            Step.ReadService,
            state.With(holder, engine with { Progress = Progress.HasReadService, HasFreshRead = true })),
        Progress.HasReadService => Verify(state, holder),
        Progress.HasVerified => Hijack(state, holder, engine),
        Progress.HijackedTooEarly => Make(holder, Step.EnsureDeployment, EnsureDeployment(state, holder, Progress.HasLateDeployment)),
        Progress.HasLateDeployment => Make(holder, Step.EnsureDecoy, EnsureDecoy(state, holder, Progress.Active)),
        _ => throw new InvalidOperationException($"An engine can't be at {engine.Progress}."),
    };

    /// <summary>Before it tells how far it is, an opening looks whether somebody closes it.</summary>
    private bool FindsMark(ModelState state, Holders holder) =>
        (state.Sessions & state.Marked & holder) != 0 && !settings.Has(Mistakes.NoSessionRecheck);

    private Transition Verify(ModelState state, Holders holder)
    {
        var verifies = !settings.Has(Mistakes.NoSessionRecheck);
        if (verifies && !IsAlive(state, holder))
        {
            return GiveUp(state, holder, Step.FindSessionFenced);
        }

        var hasClaims = (state.DeploymentClaims & state.DecoyClaims & holder) != 0 && state.HasDeployment && state.HasDecoy;
        return verifies && !hasClaims && !settings.Has(Mistakes.NoClaims | Mistakes.HijackBeforeReady)
            ? Make(holder, Step.FindClaimsGone, state.With(holder, Progress.HasSession))
            : Make(holder, Step.VerifySessionAndClaims, state.With(holder, Progress.HasVerified));
    }

    private Transition Hijack(ModelState state, Holders holder, EngineState engine)
    {
        if (!engine.HasFreshRead && !settings.Has(Mistakes.HijackWithoutCompare))
        {
            return Make(holder, Step.HijackConflicts, state.With(holder, Progress.HasDecoy));
        }

        if (FindsMark(state, holder))
        {
            return GiveUp(_service.Hijack(state, holder), holder, Step.HijackAndFindMark);
        }

        var next = settings.Has(Mistakes.HijackBeforeReady) ? Progress.HijackedTooEarly : Progress.Active;
        return Make(holder, Step.Hijack, _service.Hijack(state, holder).With(holder, next));
    }

    private Transition Close(ModelState state, Holders holder, EngineState engine)
    {
        var number = engine.Progress - Progress.Closing + 1;
        var actor = holder == Holders.A ? Actor.A : Actor.B;
        var step = closing.At(number, actor);
        var next = closing.Apply(state, step, holder, actor).With(holder, engine.Progress + 1);
        if (number == 2)
        {
            var listing = settings.Has(Mistakes.LeaveWithoutCompare) ? next.Participants : next.Sessions;
            next = next.With(holder, next.EngineOf(holder) with { Listing = listing });
        }
        else if (number == ClosingSteps.Count)
        {
            next = next with { Done = next.Done | holder };
        }

        return Make(holder, step, next);
    }
}
