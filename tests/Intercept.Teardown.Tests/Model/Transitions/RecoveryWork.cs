using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>Whom a recoverer has to close: dead holders of a Session, and who is named without having one.</summary>
internal sealed class RecoveryWork(ModelSettings settings)
{
    public Holders Of(ModelState state)
    {
        var dead = state.Sessions & (state.Crashed | state.Suspected);
        return dead | (Named(state) & ~state.Sessions);
    }

    private Holders Named(ModelState state)
    {
        if (settings.Has(Mistakes.NoRecordOnService))
        {
            return Holders.None;
        }

        var onService = state.Participants | state.Fences;
        return settings.Has(Mistakes.ClaimsNotSwept) ? onService : onService | state.DeploymentClaims | state.DecoyClaims;
    }
}
