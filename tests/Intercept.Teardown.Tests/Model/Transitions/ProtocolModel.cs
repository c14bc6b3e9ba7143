using Intercept.Teardown.Tests.Model.States;

namespace Intercept.Teardown.Tests.Model.Transitions;

/// <summary>
/// The protocol of teardown as a state machine: two participants, a sweeper, the reaper in the cluster, a drift guard and a third
/// party. Each call of the API is one atomic step (loops of compare-and-swap are collapsed into one); anything may happen between two.
/// </summary>
internal sealed class ProtocolModel
{
    private readonly EngineTransitions _engines;
    private readonly CloserTransitions _closers;
    private readonly GuardTransitions _guard;
    private readonly ThirdPartyTransitions _thirdParty;

    public ProtocolModel(ModelSettings settings)
    {
        var closing = new ClosingSteps(settings);
        var recovery = new RecoveryWork(settings);
        _engines = new EngineTransitions(settings, closing);
        _closers = new CloserTransitions(settings, closing, recovery);
        _guard = new GuardTransitions(settings);
        _thirdParty = new ThirdPartyTransitions(settings);
        Settings = settings;
        Invariants = new Invariants(recovery, _guard);
    }

    public ModelSettings Settings { get; }

    public Invariants Invariants { get; }

    /// <summary>Everything that can happen next.</summary>
    public void Add(ModelState state, List<Transition> into)
    {
        _engines.Add(state, Holders.A, into);
        _engines.Add(state, Holders.B, into);
        _closers.AddSweeper(state, into);
        _closers.AddReaper(state, into);
        _guard.Add(state, into);
        _thirdParty.Add(state, into);
    }
}
