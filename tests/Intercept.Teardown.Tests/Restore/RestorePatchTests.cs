using FsCheck;
using FsCheck.Fluent;
using Intercept.Proxy.Protocol;

namespace Intercept.Teardown.Tests.Restore;

/// <summary>The same law for what is written: the patches, made for the live object and applied to its JSON.</summary>
public sealed class RestorePatchTests
{
    private const int HistoriesInEachRun = 5_000;

    [Fact]
    public void The_patch_of_the_last_participant_restores_the_Service_and_leaves_nothing_of_ours()
    {
        Prop.ForAll(
            Histories.Arbitrary,
            history =>
            {
                var record = Hijacking.Plan(history.Service, SelectorStyle.Overlay);
                var hijacked = Patched(history.Service, ServicePatches.Hijack(ServiceJson.Live(history.Service), record));
                var edited = history.EditAll(hijacked);

                var departure = ServiceDeparture.Decide(ServiceJson.Live(edited), record.Participants[0], byOther: false);

                Assert.Equal(edited.Annotations.ContainsKey(ProtocolNames.Record) ? Departure.Restored : Departure.NotHijacked, departure.Outcome);
                var restored = departure.Patch is null ? edited : Patched(edited, departure.Patch);
                return restored == history.EditAll(history.Service);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(HistoriesInEachRun));
    }

    [Fact]
    public void A_participant_that_is_not_the_last_changes_nothing_but_the_record()
    {
        Prop.ForAll(
            Histories.Arbitrary,
            history =>
            {
                var record = Hijacking.Plan(history.Service, SelectorStyle.Overlay);
                var shared = record with { Participants = [.. record.Participants, new Participant("intercept-shop-leaf-2", "uid-2")] };
                var edited = history.EditAll(Patched(history.Service, ServicePatches.Hijack(ServiceJson.Live(history.Service), shared)));

                var departure = ServiceDeparture.Decide(ServiceJson.Live(edited), shared.Participants[1], byOther: false);

                return departure.Patch is null
                    || Patched(edited, departure.Patch)
                        == edited with { Annotations = edited.Annotations.SetItem(ProtocolNames.Record, record.ToJson()) };
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(HistoriesInEachRun));
    }

    [Fact]
    public void A_patch_does_not_touch_a_Service_that_was_made_anew()
    {
        foreach (var history in Histories.Arbitrary.Generator.Sample(100))
        {
            var record = Hijacking.Plan(history.Service, SelectorStyle.Overlay);
            var patch = ServicePatches.Hijack(ServiceJson.Live(history.Service, uid: "another"), record);

            Assert.Throws<InvalidOperationException>(() => Patched(history.Service, patch));
        }
    }

    private static OwnedService Patched(OwnedService service, JsonPatch patch) =>
        ServiceJson.Read(PatchedJson.Of(ServiceJson.Of(service), patch), service);
}
