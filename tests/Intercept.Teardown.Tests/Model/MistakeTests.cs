using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model;

public sealed class MistakeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Mistakes.NoClaims, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 13, 3_806, 8_589)]
    [InlineData(Mistakes.NoFence, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 12, 12_565, 33_930)]
    [InlineData(Mistakes.NoSessionRecheck, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 14, 25_871, 73_248)]
    [InlineData(Mistakes.LastOutByListing, 0, 0, Invariant.I4HijackedHasParticipant, 11, 2_043, 4_559)]
    [InlineData(Mistakes.ResidueFirst, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 9, 861, 1_848)]
    [InlineData(Mistakes.IgnoreDrift, 1, 0, Invariant.F1ServiceIsAsItsOwnerWants, 25, 527_434, 1_740_379)]
    [InlineData(Mistakes.SessionFirst | Mistakes.NoRecordOnService, 0, 0, Invariant.F2NothingIsLeft, 17, 9_924, 22_921)]
    [InlineData(Mistakes.SessionFirst, 0, 0, Invariant.F2NothingIsLeft, 18, 22_392, 61_141)]
    [InlineData(Mistakes.NoRecordOnService, 1, 0, Invariant.F2NothingIsLeft, 14, 18_925, 51_835)]
    [InlineData(Mistakes.HijackBeforeReady, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 5, 51, 95)]
    [InlineData(Mistakes.NoGuard, 1, 0, Invariant.F5MixedIsRepaired, 7, 884, 1_988)]
    [InlineData(Mistakes.DecoyFirst, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 10, 1_365, 3_002)]
    [InlineData(Mistakes.HijackWithoutCompare, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 12, 12_928, 34_486)]
    [InlineData(Mistakes.LeaveWithoutCompare, 0, 0, Invariant.F3LiveParticipantStays, 16, 9_107, 22_646)]
    [InlineData(Mistakes.JoinReplacesParticipants, 0, 0, Invariant.F3LiveParticipantStays, 12, 3_170, 7_167)]
    [InlineData(Mistakes.GuardForgetsDrift, 1, 0, Invariant.F1ServiceIsAsItsOwnerWants, 26, 628_934, 2_090_836)]
    [InlineData(Mistakes.ClaimsNotSwept, 1, 0, Invariant.F2NothingIsLeft, 14, 20_529, 56_839)]
    [InlineData(Mistakes.ReaperIgnoresClaims, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 13, 3_676, 8_403)]
    [InlineData(Mistakes.RecordForgotten, 0, 0, Invariant.F2NothingIsLeft, 24, 39_821, 105_397)]
    [InlineData(Mistakes.NoMark, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 19, 155_040, 489_076)]
    public void A_mistake_in_the_protocol_is_found(
        Mistakes mistakes, int thirdPartyEdits, int suspicions, Invariant broken, int steps, int states, long transitions)
    {
        var found = Explore(new ModelSettings(mistakes, thirdPartyEdits, suspicions));

        Assert.Equal(broken, found.Broken);
        Assert.Equal(steps, found.Counterexample?.Steps.Count);
        Assert.Equal((states, transitions), (found.States, found.Transitions));
    }

    private ExplorationResult Explore(ModelSettings settings)
    {
        var found = new Explorer(new ProtocolModel(settings)).Run(null, TestContext.Current.CancellationToken);
        output.WriteLine(found.ToString());
        return found;
    }
}
