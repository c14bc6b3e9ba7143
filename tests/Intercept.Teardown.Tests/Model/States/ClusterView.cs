namespace Intercept.Teardown.Tests.Model.States;

/// <summary>The part of a state that stands in the cluster, where the model and a real one can be compared.</summary>
/// <param name="Form">What the Service's selector says.</param>
/// <param name="Selector">The owner's selector, 0 or 1; null while the hijack hides it.</param>
/// <param name="RecordedSelector">The owner's selector in the record; null without one.</param>
/// <param name="Participants">Who stands in the record.</param>
/// <param name="Fences">Whom a fence keeps out.</param>
/// <param name="DeploymentClaims">Who claims the Deployment; null where there is none.</param>
/// <param name="DecoyClaims">Who claims the decoy; null where there is none.</param>
/// <param name="Sessions">Whose Session exists.</param>
/// <param name="Marked">Whose Session says that it is being closed.</param>
/// <param name="OwnsFields">Whether we stand among the owners of the Service's fields.</param>
internal readonly record struct ClusterView(
    ServiceForm Form,
    int? Selector,
    int? RecordedSelector,
    Holders Participants,
    Holders Fences,
    Holders? DeploymentClaims,
    Holders? DecoyClaims,
    Holders Sessions,
    Holders Marked,
    bool OwnsFields)
{
    public static ClusterView Of(ModelState state) => new(
        state.Form,
        state.Form == ServiceForm.Hijacked ? null : state.Selector,
        state.HasRecord ? state.RecordedSelector : null,
        state.Participants,
        state.Fences,
        state.HasDeployment ? state.DeploymentClaims : null,
        state.HasDecoy ? state.DecoyClaims : null,
        state.Sessions,
        state.Marked,
        state.OwnsFields);
}
