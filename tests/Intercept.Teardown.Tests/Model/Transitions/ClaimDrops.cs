using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>Deployment and decoy go with the last claim on them.</summary>
internal sealed class ClaimDrops(ModelSettings settings)
{
    public ModelState OfDeployment(ModelState state, Holders holder, Actor actor)
    {
        var rest = IsForced(actor) ? Holders.None : state.DeploymentClaims & ~holder;
        return state.HasDeployment ? state with { HasDeployment = rest != Holders.None, DeploymentClaims = rest } : state;
    }

    public ModelState OfDecoy(ModelState state, Holders holder)
    {
        var rest = settings.Has(Mistakes.NoClaims) ? Holders.None : state.DecoyClaims & ~holder;
        return state.HasDecoy ? state with { HasDecoy = rest != Holders.None, DecoyClaims = rest } : state;
    }

    private bool IsForced(Actor actor) =>
        settings.Has(Mistakes.NoClaims) || (settings.Has(Mistakes.ReaperIgnoresClaims) && actor == Actor.Reaper);
}
