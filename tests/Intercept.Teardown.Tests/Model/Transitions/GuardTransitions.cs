using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The drift guard: a mixed selector becomes the hijack again.</summary>
internal sealed class GuardTransitions(ModelSettings settings)
{
    private readonly ServiceWrites _service = new(settings);

    public bool HasWork(ModelState state) => state is { Form: ServiceForm.Mixed, HasRecord: true } && !settings.Has(Mistakes.NoGuard);

    public void Add(ModelState state, List<Transition> into)
    {
        if (HasWork(state))
        {
            into.Add(new Transition(new ModelAction(Actor.Guard, Step.AdoptDrift, Holders.None), _service.AdoptDrift(state)));
        }
    }
}
