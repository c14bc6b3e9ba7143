using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Intercept.Proxy.Protocol;
using Intercept.Teardown.Tests.Restore.Edits;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>The law of the restore: what others did to the Service meanwhile is there afterwards, and nothing else.</summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    private const int Sample = 20_000;

    [Fact]
    public void After_any_edits_the_restored_Service_is_what_the_edits_alone_make_of_it()
    {
        var (histories, edits) = (0, 0);
        Prop.ForAll(
            Histories.Arbitrary,
            history =>
            {
                histories++;
                edits += history.Edits.Count;
                return IsRight(history, SelectorStyle.Overlay, Hijacking.Restore);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(Soak.Histories));

        output.WriteLine($"{histories} histories with {edits} edits");
    }

    [Fact]
    public void The_originals_selector_would_be_restored_wrongly_after_some_edits() =>
        Assert.InRange(ShareOfWrong(SelectorStyle.Original, Hijacking.Restore), 0.01, 0.3);

    [Fact]
    public void Writing_back_what_was_recorded_would_be_wrong_in_about_every_second_history() =>
        Assert.InRange(ShareOfWrong(SelectorStyle.Overlay, Hijacking.RestoreWholesale), 0.3, 0.8);

    [Theory]
    [InlineData(SelectorStyle.Overlay)]
    [InlineData(SelectorStyle.Original)]
    public void Without_edits_every_Service_is_restored_exactly(SelectorStyle style)
    {
        foreach (var history in Histories.Arbitrary.Generator.Sample(Sample))
        {
            Assert.True(IsRight(history with { Edits = [] }, style, Hijacking.Restore), history.ToString());
        }
    }

    [Fact]
    public void After_one_edit_and_the_guards_repair_the_Service_is_restored_to_what_the_edit_alone_makes_of_it()
    {
        foreach (var history in Histories.Arbitrary.Generator.Sample(Sample))
        {
            var first = history with { Edits = [.. history.Edits.Take(1)] };
            Assert.True(IsRightWithGuard(first), first.ToString());
        }
    }

    /// <summary>
    /// A key that somebody adds beside ours can't stay in the hijacked selector: the guard takes it off and keeps it in the record.
    /// That it is removed again later can't be seen, so it comes back in the end; so does a target port that is set to the proxy's own.
    /// </summary>
    [Fact]
    public void After_several_edits_with_repairs_between_them_few_Services_are_restored_wrongly()
    {
        var wrong = Histories.Arbitrary.Generator.Sample(Sample).Count(history => !IsRightWithGuard(history));
        output.WriteLine($"{wrong} of {Sample} histories are restored wrongly");
        Assert.InRange((double)wrong / Sample, 0, 0.03);
    }

    [Fact]
    public void Restoring_what_is_restored_changes_nothing()
    {
        foreach (var history in Histories.Arbitrary.Generator.Sample(Sample))
        {
            var record = Hijacking.Plan(history.Service, SelectorStyle.Overlay);
            var once = ThreeWayRestore.Routing(history.EditAll(Hijacking.Hijack(history.Service, record)).Routing, record);
            var twice = ThreeWayRestore.Routing(once, record);

            Assert.Equal(once.Selector, twice.Selector);
            Assert.Equal(once.Ports, twice.Ports);
        }
    }

    [Fact]
    public void An_unchanged_apply_of_the_owners_file_is_a_clean_revert()
    {
        foreach (var history in Histories.Arbitrary.Generator.Sample(Sample))
        {
            var record = Hijacking.Plan(history.Service, SelectorStyle.Overlay);
            var reverted = new ClientSideApply([]).Apply(Hijacking.Hijack(history.Service, record));

            Assert.Equal(history.Service.Selector, reverted.Selector);
            Assert.Equal(history.Service.Ports, reverted.Ports);
        }
    }

    /// <summary>The one thing that a three-way merge can't see; the owner's next apply puts it right.</summary>
    [Fact]
    public void A_target_port_that_is_set_to_the_proxys_own_is_taken_for_ours()
    {
        var selector = ImmutableSortedDictionary<string, string>.Empty.Add("app", "leaf");
        var service = OwnedService.From(new Manifest(selector, [new PortTarget(3010, "TCP", "8080")]));
        var record = Hijacking.Plan(service, SelectorStyle.Overlay);

        var live = new RetargetPort(0, "80").Apply(Hijacking.Hijack(service, record));

        Assert.Equal("8080", Assert.Single(Hijacking.Restore(live, record).Ports).TargetPort);
    }

    private static bool IsRight(History history, SelectorStyle style, Func<OwnedService, ServiceRecord, OwnedService> restore)
    {
        var record = Hijacking.Plan(history.Service, style);
        return restore(history.EditAll(Hijacking.Hijack(history.Service, record)), record) == history.EditAll(history.Service);
    }

    private static bool IsRightWithGuard(History history)
    {
        var record = Hijacking.Plan(history.Service, SelectorStyle.Overlay);
        var live = Hijacking.Hijack(history.Service, record);
        foreach (var edit in history.Edits)
        {
            (live, record) = Hijacking.Guard(edit.Apply(live), record);
        }

        return Hijacking.Restore(live, record) == history.EditAll(history.Service);
    }

    private double ShareOfWrong(SelectorStyle style, Func<OwnedService, ServiceRecord, OwnedService> restore)
    {
        var wrong = Histories.Arbitrary.Generator.Sample(Sample).Count(history => !IsRight(history, style, restore));
        output.WriteLine($"{wrong} of {Sample} histories are restored wrongly");
        return (double)wrong / Sample;
    }
}
