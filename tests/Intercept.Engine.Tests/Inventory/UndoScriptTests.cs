using Intercept.Engine.Hijacking;
using Intercept.Engine.Inventory;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Keeping;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Inventory;

/// <summary>The undo by hand, run by sh with a real kubectl.</summary>
public sealed class UndoScriptTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_journal_alone_undoes_an_intercept()
    {
        await using var colleague = await Colleague.CreateAsync(world, "journal-alone");
        var before = await colleague.ReadAsync();
        var session = await AbandonedIntercept.LeaveAsync(world, "journal-alone");

        await RunAsync(UndoScript.Create(session));

        await AssertCleanAsync(colleague, before);
    }

    [Fact]
    public async Task The_journal_in_a_ConfigMap_does_so_too()
    {
        await using var colleague = await Colleague.CreateAsync(world, "configmap-alone");
        var before = await colleague.ReadAsync();
        var written = await AbandonedIntercept.LeaveAsync(world, "configmap-alone");
        var session = await MoveToConfigMapAsync(written);

        await RunAsync(UndoScript.Create(session));

        await AssertCleanAsync(colleague, before);
    }

    [Fact]
    public async Task What_is_there_now_is_undone_and_what_others_changed_stays()
    {
        await using var colleague = await Colleague.CreateAsync(world, "live-undo", secondPort: true);
        var before = await colleague.ReadAsync();
        await AbandonedIntercept.LeaveAsync(world, "live-undo");
        await colleague.PatchAsync(live => new JsonPatch()
            .Add("/spec/selector/tier", "new")
            .Remove("/spec/ports/0")
            .SetAnnotation(live, "note", "a colleague's"));

        await RunAsync(await CreateLiveAsync("live-undo", _ => true));

        var after = await colleague.ReadAsync();
        Assert.Equal("new", after.Spec.Selector["tier"]);
        Assert.Equal("leaf", after.Spec.Selector["app"]);
        Assert.Equal([(3011, "3010")], after.Spec.Ports.Select(port => (port.Port, port.TargetPort.Value)));
        Assert.Equal("a colleague's", after.Metadata.Annotations["note"]);
        colleague.AssertNotOurs(after);
        Assert.NotEqual(before.Spec.Selector, after.Spec.Selector);
        await AssertNothingLeftAsync("live-undo");
    }

    [Fact]
    public async Task One_of_two_participants_is_undone_alone_and_then_the_other()
    {
        await using var colleague = await Colleague.CreateAsync(world, "two-undo");
        var before = await colleague.ReadAsync();
        var first = await AbandonedIntercept.LeaveAsync(world, "two-undo");
        var second = await AbandonedIntercept.LeaveAsync(world, "two-undo");

        await RunAsync(await CreateLiveAsync("two-undo", participant => participant == first.Participant));

        var service = await colleague.ReadAsync();
        Assert.Equal([second.Participant], service.ReadRecord()!.Participants);
        Assert.True(KnownRecord.IsHijacked(service.ToLive(), service.ReadRecord()!));
        var left = (await AbandonedIntercept.ReadInventoryAsync(world)).For(ServiceReference.Parse("shop/two-undo"));
        Assert.Equal(["ConfigMap", "Deployment", "Service", "Session"], left.Objects.Select(item => item.Kind).Where(kind => kind is not "ReplicaSet").Order());
        Assert.All(left.Objects.Where(item => item.Claims.Count > 0), item => Assert.Equal([second.Participant], item.Claims));

        await RunAsync(await CreateLiveAsync("two-undo", participant => participant == second.Participant));
        await AssertCleanAsync(colleague, before);
    }

    [Fact]
    public async Task The_journal_of_one_of_two_changes_nothing()
    {
        await using var colleague = await Colleague.CreateAsync(world, "two-journals");
        var first = await AbandonedIntercept.LeaveAsync(world, "two-journals");
        await AbandonedIntercept.LeaveAsync(world, "two-journals");
        var before = await world.SnapshotAsync();

        var (exitCode, output) = await KubectlRun.RunAsync(world, UndoScript.Create(first));

        Assert.True(exitCode != 0, output);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task The_owner_who_applies_on_the_server_does_so_without_a_conflict_afterwards()
    {
        await using var colleague = await Colleague.CreateAsync(world, "applied");
        await colleague.ApplyServerSideAsync("gitops");
        await AbandonedIntercept.LeaveAsync(world, "applied");

        await RunAsync(await CreateLiveAsync("applied", _ => true));

        var service = await colleague.ReadAsync();
        Assert.Equal("gitops", FieldManagers.OfSelector(service.ToLive()));
        Assert.DoesNotContain(service.Metadata.ManagedFields, entry => entry.Manager is "kubectl-patch" or ProtocolNames.FieldManager);
        await AssertNothingLeftAsync("applied");
    }

    [Fact]
    public async Task Without_a_known_original_there_are_no_commands_that_could_do_harm()
    {
        await using var colleague = await Colleague.CreateAsync(world, "unknown-original");
        var session = await AbandonedIntercept.LeaveAsync(world, "unknown-original");
        await colleague.PatchAsync(live => new JsonPatch().SetAnnotation(live, Labels.Record, "{}"));
        Assert.StartsWith("kubectl patch service", (await CreateLiveAsync("unknown-original", _ => true))[0], StringComparison.Ordinal);

        await new SessionJournal(world.Api, ServiceReference.Parse("shop/unknown-original"), TimeProvider.System).DeleteAsync(session, Token);

        Assert.StartsWith("# What Service shop/unknown-original was before is not known", Assert.Single(await CreateLiveAsync("unknown-original", _ => true)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain-name", "plain-name")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("a b", "'a b'")]
    [InlineData("$(x)`y`\"z\"\\", "'$(x)`y`\"z\"\\'")]
    [InlineData("", "''")]
    public void Words_are_quoted_for_sh(string text, string quoted) => Assert.Equal(quoted, Kubectl.Quote(text));

    private async Task RunAsync(IReadOnlyList<string> lines)
    {
        var (exitCode, output) = await KubectlRun.RunAsync(world, lines);
        Assert.True(exitCode == 0, $"{string.Join('\n', lines)}\n{output}");
    }

    private async Task<IReadOnlyList<string>> CreateLiveAsync(string service, Func<Participant, bool> leaves) =>
        UndoScript.Create(await AbandonedIntercept.ReadInventoryAsync(world), ServiceReference.Parse($"shop/{service}"), leaves);

    private async Task<SessionResource> MoveToConfigMapAsync(SessionResource written)
    {
        // The participant's identity is that of the object that holds its journal, so the record names the ConfigMap from now on.
        var session = await new ConfigMapStore(world.Api, "shop").CreateAsync(written, Token);
        var service = (await world.Api.FindAsync<V1Service>("shop", written.Spec.Service.Name, Token))!;
        var record = service.ReadRecord()! with { Participants = [session.Participant] };
        await world.Api.PatchAsync<V1Service>("shop", service.Metadata.Name, ServicePatches.UpdateRecord(service.ToLive(), record), Token);
        await new CustomResourceStore(world.Api, "shop").DeleteAsync(
            (await new CustomResourceStore(world.Api, "shop").FindAsync(written.Metadata.Name, Token))!, Token);
        return session;
    }

    private async Task AssertCleanAsync(Colleague colleague, V1Service before)
    {
        var after = await colleague.ReadAsync();
        colleague.AssertNotOurs(after);
        Assert.Equal(before.ToRouting().Selector, after.ToRouting().Selector);
        Assert.Equal(before.ToRouting().Ports, after.ToRouting().Ports);
        Assert.Equal(before.Metadata.Uid, after.Metadata.Uid);
        await AssertNothingLeftAsync(after.Metadata.Name);
    }

    private async Task AssertNothingLeftAsync(string service)
    {
        await world.Api.WaitAsync<V1ReplicaSet>("shop", $"{Labels.Service}={service}", found => found.Count == 0, Token);
        var left = (await AbandonedIntercept.ReadInventoryAsync(world)).For(ServiceReference.Parse($"shop/{service}"));
        Assert.Empty(left.Objects.Select(item => $"{item.Kind} {item.Metadata.Name}"));
        Assert.Empty(left.Services);
    }
}
