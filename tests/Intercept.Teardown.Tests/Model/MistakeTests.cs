using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model;

public sealed class MistakeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Mistakes.NoClaims, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 13, 3_686, 8_387)]
    [InlineData(Mistakes.NoFence, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 12, 10_635, 29_004)]
    [InlineData(Mistakes.NoSessionRecheck, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 14, 24_346, 70_252)]
    [InlineData(Mistakes.LastOutByListing, 0, 0, Invariant.I4HijackedHasParticipant, 11, 2_033, 4_553)]
    [InlineData(Mistakes.ResidueFirst, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 9, 861, 1_848)]
    [InlineData(Mistakes.IgnoreDrift, 1, 0, Invariant.F1ServiceIsAsItsOwnerWants, 25, 451_682, 1_561_499)]
    [InlineData(Mistakes.SessionFirst | Mistakes.NoRecordOnService, 0, 0, Invariant.F2NothingIsLeft, 17, 9_405, 21_732)]
    [InlineData(Mistakes.NoRecordOnService, 1, 0, Invariant.F2NothingIsLeft, 14, 18_359, 51_940)]
    [InlineData(Mistakes.HijackBeforeReady, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 5, 51, 95)]
    [InlineData(Mistakes.NoGuard, 1, 0, Invariant.F5MixedIsRepaired, 7, 884, 1_988)]
    [InlineData(Mistakes.DecoyFirst, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 10, 1_363, 3_002)]
    [InlineData(Mistakes.HijackWithoutCompare, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 12, 11_064, 29_766)]
    [InlineData(Mistakes.LeaveWithoutCompare, 0, 0, Invariant.F3LiveParticipantStays, 16, 8_655, 21_587)]
    [InlineData(Mistakes.JoinReplacesParticipants, 0, 0, Invariant.F3LiveParticipantStays, 12, 3_076, 7_032)]
    [InlineData(Mistakes.GuardForgetsDrift, 1, 0, Invariant.F1ServiceIsAsItsOwnerWants, 26, 533_510, 1_855_256)]
    [InlineData(Mistakes.ClaimsNotSwept, 1, 0, Invariant.F2NothingIsLeft, 14, 19_956, 56_940)]
    [InlineData(Mistakes.ReaperIgnoresClaims, 0, 0, Invariant.I2HijackedHasProxyAndDecoy, 13, 3_556, 8_201)]
    [InlineData(Mistakes.RecordForgotten, 0, 0, Invariant.F2NothingIsLeft, 24, 37_640, 99_893)]
    [InlineData(Mistakes.NoMark, 0, 1, Invariant.I2HijackedHasProxyAndDecoy, 19, 139_878, 449_843)]
    public void A_mistake_in_the_protocol_is_found(
        Mistakes mistakes, int thirdPartyEdits, int suspicions, Invariant broken, int steps, int states, long transitions)
    {
        var found = Explore(new ModelSettings(mistakes, thirdPartyEdits, suspicions));

        Assert.Equal(broken, found.Broken);
        Assert.Equal(steps, found.Counterexample?.Steps.Count);
        Assert.Equal((states, transitions), (found.States, found.Transitions));
    }

    /// <summary>
    /// Safe, because recovery also looks at records and claims. The Session goes last all the same: as long as there is something
    /// to undo, kubectl shows who and why.
    /// </summary>
    [Fact]
    public void Deleting_the_Session_first_is_safe_as_long_as_recovery_looks_at_the_Service_too()
    {
        var found = Explore(new ModelSettings(Mistakes.SessionFirst));

        Assert.Null(found.Broken);
        Assert.Equal((388_867, 1_684_266), (found.States, found.Transitions));
    }

    private ExplorationResult Explore(ModelSettings settings)
    {
        var found = new Explorer(new ProtocolModel(settings)).Run(null, TestContext.Current.CancellationToken);
        output.WriteLine(found.ToString());
        return found;
    }
}
