using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>
/// The protocol of teardown as a state machine: two participants, a sweeper, the reaper in the cluster, a drift guard and a third
/// party. Each call of the API is one atomic step (loops of compare-and-swap are collapsed into one); anything may happen between two.
/// </summary>
internal sealed class ProtocolModel
{
    private readonly EngineTransitions engines;
    private readonly CloserTransitions closers;
    private readonly GuardTransitions guard;
    private readonly ThirdPartyTransitions thirdParty;

    public ProtocolModel(ModelSettings settings)
    {
        var closing = new ClosingSteps(settings);
        var recovery = new RecoveryWork(settings);
        engines = new EngineTransitions(settings, closing);
        closers = new CloserTransitions(settings, closing, recovery);
        guard = new GuardTransitions(settings);
        thirdParty = new ThirdPartyTransitions(settings);
        Settings = settings;
        Invariants = new Invariants(recovery, guard);
    }

    public ModelSettings Settings { get; }

    public Invariants Invariants { get; }

    /// <summary>Everything that can happen next.</summary>
    public void Add(ModelState state, List<Transition> into)
    {
        engines.Add(state, Holders.A, into);
        engines.Add(state, Holders.B, into);
        closers.AddSweeper(state, into);
        closers.AddReaper(state, into);
        guard.Add(state, into);
        thirdParty.Add(state, into);
    }
}
