using Intercept.Teardown.Tests.Model.Exploration;
using Intercept.Teardown.Tests.Model.Transitions;

namespace Intercept.Teardown.Tests.Model;

public sealed class ProtocolModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Without_accidents_but_crashes_every_reachable_state_is_good()
    {
        var found = Explore(new ModelSettings());

        Assert.Null(found.Broken);
        Assert.Equal((78_142, 217_380), (found.States, found.Transitions));
    }

    [Fact]
    public void With_a_participant_suspected_while_alive_every_reachable_state_is_good()
    {
        var found = Explore(new ModelSettings(Suspicions: 1));

        Assert.Null(found.Broken);
        Assert.Equal((3_109_626, 12_717_212), (found.States, found.Transitions));
    }

    private ExplorationResult Explore(ModelSettings settings)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var found = new Explorer(new ProtocolModel(settings)).Run(null, TestContext.Current.CancellationToken);
        output.WriteLine(found.ToString() + " " + watch.ElapsedMilliseconds);
        return found;
    }

    [Theory]
    [MemberData(nameof(All))]
    internal void Try(int m, int t, int s, int r)
    {
        var found = Explore(new ModelSettings((Mistakes)m, t, s, r));
        Assert.Null(found.Broken);
    }

    public static IEnumerable<object[]> All()
    {
        foreach (var m in Enum.GetValues<Mistakes>())
        {
            yield return [(int)m, 0, 0, 0];
            yield return [(int)m, 0, 1, 0];
            yield return [(int)m, 1, 0, 0];
        }
        yield return [(int)(Mistakes.SessionFirst | Mistakes.NoRecordOnService), 0, 0, 0];
    }
}
