using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The owner of the Service, who knows nothing of us.</summary>
internal sealed class ThirdPartyTransitions(ModelSettings settings)
{
    public void Add(ModelState state, List<Transition> into)
    {
        if (state.ThirdPartyEdits >= settings.ThirdPartyEdits)
        {
            return;
        }

        var edited = state with { ThirdPartyEdits = state.ThirdPartyEdits + 1 };
        if (state.Form == ServiceForm.Hijacked)
        {
            into.Add(Make(Step.ApplyUnchanged, edited with { Form = ServiceForm.Mixed, Selector = state.WantedSelector }));
            into.Add(Make(Step.ApplyNewSelector, edited with { Form = ServiceForm.Mixed, Selector = 1, WantedSelector = 1 }));
            into.Add(Make(Step.Replace, edited with
            {
                Form = ServiceForm.Plain,
                Selector = state.WantedSelector,
                HasRecord = false,
                RecordedSelector = 0,
                Participants = Holders.None,
                Fences = Holders.None,
                OwnsFields = false,
            }));
        }

        if (state.Form == ServiceForm.Plain)
        {
            into.Add(Make(Step.EditSelector, edited with { Selector = 1, WantedSelector = 1 }));
        }

        if ((state.Sessions & Holders.A) != 0)
        {
            var deleted = edited with { Sessions = state.Sessions & ~Holders.A, Marked = state.Marked & ~Holders.A };
            into.Add(new Transition(new ModelAction(Actor.ThirdParty, Step.DeleteSessionOfA, Holders.A), deleted));
        }
    }

    private static Transition Make(Step step, ModelState next) =>
        new(new ModelAction(Actor.ThirdParty, step, Holders.None), ServiceWrites.Touch(next));
}
