using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The drift guard, a part of each active engine: a mixed selector becomes the hijack again.</summary>
internal sealed class GuardTransitions(ModelSettings settings)
{
    private readonly ServiceWrites _service = new(settings);

    public bool HasWork(ModelState state) => state is { Form: ServiceForm.Mixed, HasRecord: true } && !settings.Has(Mistakes.NoGuard);

    public void Add(ModelState state, List<Transition> into)
    {
        if (HasWork(state) && (Watches(state, Holders.A) || Watches(state, Holders.B)))
        {
            into.Add(new Transition(new ModelAction(Actor.Guard, Step.AdoptDrift, Holders.None), _service.AdoptDrift(state)));
        }
    }

    private static bool Watches(ModelState state, Holders holder) =>
        state.EngineOf(holder).Progress == Progress.Active && (state.Participants & holder) != 0;
}
