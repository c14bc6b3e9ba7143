using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>The seven steps that close a participant, whoever makes them.</summary>
internal sealed class ClosingSteps(ModelSettings settings)
{
    public const int Count = 7;

    private readonly ServiceWrites _service = new(settings);
    private readonly ClaimDrops _claims = new(settings);
    private readonly Step[] _order = OrderOf(settings);
    private readonly Step[] _orderOfReaper = settings.ReaperDeploymentLast
        ? [.. OrderOf(settings).Where(step => step != Step.DropDeployment), Step.DropDeployment]
        : OrderOf(settings);

    /// <param name="number">Which one in the order of the steps, from 1.</param>
    /// <param name="actor">Who asks: the reaper may have an order of its own.</param>
    public Step At(int number, Actor actor) => (actor == Actor.Reaper ? _orderOfReaper : _order)[number - 1];

    public ModelState Apply(ModelState state, Step step, Holders holder, Actor actor) => step switch
    {
        Step.MarkSession => (state.Sessions & holder) == 0 || settings.Has(Mistakes.NoMark) ? state : state with { Marked = state.Marked | holder },
        Step.ReadForClosing => state,
        Step.Leave => _service.Leave(state, holder, isOther: actor is Actor.Sweeper or Actor.Reaper),
        Step.DropDeployment => _claims.OfDeployment(state, holder, actor),
        Step.DropDecoy => _claims.OfDecoy(state, holder),
        Step.Unfence => _service.Unfence(state, holder),
        Step.DeleteSession => state with { Sessions = state.Sessions & ~holder, Marked = state.Marked & ~holder },
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Not a step of closing."),
    };

    private static Step[] OrderOf(ModelSettings settings) => settings switch
    {
        _ when settings.Has(Mistakes.ResidueFirst) =>
            [Step.MarkSession, Step.DropDeployment, Step.DropDecoy, Step.ReadForClosing, Step.Leave, Step.Unfence, Step.DeleteSession],
        _ when settings.Has(Mistakes.DecoyFirst) =>
            [Step.MarkSession, Step.ReadForClosing, Step.DropDecoy, Step.Leave, Step.DropDeployment, Step.Unfence, Step.DeleteSession],
        _ when settings.Has(Mistakes.SessionFirst) =>
            [Step.DeleteSession, Step.ReadForClosing, Step.Leave, Step.DropDeployment, Step.DropDecoy, Step.Unfence, Step.MarkSession],
        _ when settings.Has(Mistakes.FenceGoesEarly) =>
            [Step.MarkSession, Step.ReadForClosing, Step.Leave, Step.Unfence, Step.DropDeployment, Step.DropDecoy, Step.DeleteSession],
        _ => [Step.MarkSession, Step.ReadForClosing, Step.Leave, Step.DropDeployment, Step.DropDecoy, Step.Unfence, Step.DeleteSession],
    };
}
