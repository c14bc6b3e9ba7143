using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The writes of the Service. Each is one compare-and-swap.</summary>
internal sealed class ServiceWrites(ModelSettings settings)
{
    /// <summary>Any write makes every earlier read stale.</summary>
    public static ModelState Touch(ModelState state) => state with
    {
        EngineOfA = state.EngineOfA with { HasFreshRead = false },
        EngineOfB = state.EngineOfB with { HasFreshRead = false },
    };

    public ModelState Hijack(ModelState state, Holders holder)
    {
        var others = settings.Has(Mistakes.JoinReplacesParticipants) ? Holders.None : state.Participants;
        return Touch(state.Form == ServiceForm.Hijacked
            ? state with { Participants = others | holder, OwnsFields = true }
            : state with
            {
                Form = ServiceForm.Hijacked,
                HasRecord = true,
                OwnsFields = true,
                RecordedSelector = state.Selector,
                Participants = state.Form == ServiceForm.Plain ? holder : others | holder,
            });
    }

    /// <summary>Takes a participant out; the last one restores. Who stands outside is fenced, where another closes it.</summary>
    public ModelState Leave(ModelState state, Holders holder, bool isOther)
    {
        if (settings.Has(Mistakes.LastOutByListing))
        {
            return LeaveByListing(state, holder);
        }

        if ((state.Participants & holder) != 0)
        {
            var known = settings.Has(Mistakes.LeaveWithoutCompare) && !isOther ? state.EngineOf(holder).Listing : state.Participants;
            var left = state with { Participants = known & ~holder };
            return Touch(left.Participants == Holders.None ? Restore(left) : left);
        }

        return isOther && (state.Fences & holder) == 0 && !settings.Has(Mistakes.NoFence) ? Touch(state with { Fences = state.Fences | holder }) : state;
    }

    public ModelState Unfence(ModelState state, Holders holder)
    {
        var fences = settings.Has(Mistakes.FenceForgotten) ? state.Fences : state.Fences & ~holder;
        var ownsFields = state.OwnsFields && (state.HasRecord || fences != Holders.None);
        return (fences, ownsFields) == (state.Fences, state.OwnsFields) ? state : Touch(state with { Fences = fences, OwnsFields = ownsFields });
    }

    public ModelState AdoptDrift(ModelState state) => Touch(state with
    {
        Form = ServiceForm.Hijacked,
        OwnsFields = true,
        RecordedSelector = settings.Has(Mistakes.GuardForgetsDrift) ? state.RecordedSelector : state.Selector,
    });

    private ModelState LeaveByListing(ModelState state, Holders holder)
    {
        if ((state.Participants & holder) == 0 && !state.HasRecord)
        {
            return state;
        }

        var left = state with { Participants = state.Participants & ~holder };
        return Touch((state.EngineOf(holder).Listing & ~holder) == Holders.None ? Restore(left) : left);
    }

    private ModelState Restore(ModelState state)
    {
        if (!state.HasRecord)
        {
            return state;
        }

        var original = state.Form == ServiceForm.Hijacked || settings.Has(Mistakes.IgnoreDrift) ? state.RecordedSelector : state.Selector;
        return state with
        {
            Form = ServiceForm.Plain,
            Selector = original,
            HasRecord = settings.Has(Mistakes.RecordForgotten),
            RecordedSelector = 0,
            Participants = Holders.None,
        };
    }
}
