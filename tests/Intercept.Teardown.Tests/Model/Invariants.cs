using Intercept.Teardown.Tests.Model.States;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model;

/// <summary>What holds in every state (I1 to I4), and what holds when nobody has anything left to do (F1 to F5).</summary>
internal sealed class Invariants(RecoveryWork recovery, GuardTransitions guard)
{
    /// <summary>The first invariant that the state breaks; null for a good state.</summary>
    public Invariant? BrokenBy(ModelState state)
    {
        if (state.Form == ServiceForm.Hijacked)
        {
            if (!state.HasRecord)
            {
                return Invariant.I1HijackedHasRecord;
            }

            if (!state.HasDeployment || !state.HasDecoy)
            {
                return Invariant.I2HijackedHasProxyAndDecoy;
            }

            if (state.Participants == Holders.None)
            {
                return Invariant.I4HijackedHasParticipant;
            }
        }

        return IsQuiet(state) ? BrokenAtRest(state) : null;
    }

    /// <summary>No closing runs, and none is due.</summary>
    public bool IsQuiet(ModelState state) => state.Sweeper.IsIdle && state.Reaper.IsIdle && recovery.Of(state) == Holders.None;

    /// <summary>The Service is as its owner wants it, and nothing of ours is left.</summary>
    public static bool IsRestored(ModelState state) => IsClean(state) && state.Selector == state.WantedSelector;

    /// <summary>Who stood among the owners is known from the Session alone: a third party that deletes it leaves our name there.</summary>
    private static bool IsClean(ModelState state) =>
        (!state.OwnsFields || state.ThirdPartyEdits > 0)
        && state is { Form: ServiceForm.Plain, HasRecord: false, Fences: Holders.None, HasDeployment: false, HasDecoy: false, Sessions: Holders.None };

    private static bool WasDropped(ModelState state, Holders holder) =>
        state.EngineOf(holder).Progress == Progress.Active
        && (state.Sessions & ~state.Suspected & ~state.Participants & holder) != 0
        && state.ThirdPartyEdits == 0;

    private Invariant? BrokenAtRest(ModelState state)
    {
        if ((state.Done | state.Crashed) == (Holders.A | Holders.B))
        {
            if (!IsClean(state))
            {
                return Invariant.F2NothingIsLeft;
            }

            if (state.Selector != state.WantedSelector)
            {
                return Invariant.F1ServiceIsAsItsOwnerWants;
            }
        }

        if (WasDropped(state, Holders.A) || WasDropped(state, Holders.B))
        {
            return Invariant.F3LiveParticipantStays;
        }

        return state.Form != ServiceForm.Mixed ? null
            : !state.HasRecord ? Invariant.F4MixedHasRecord
            : guard.HasWork(state) ? null : Invariant.F5MixedIsRepaired;
    }
}
