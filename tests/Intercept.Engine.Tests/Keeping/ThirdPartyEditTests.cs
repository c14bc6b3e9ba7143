using System.Text.Json.Nodes;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s.Models;

namespace Intercept.Engine.Tests.Keeping;

/// <summary>What a colleague, a controller or a script does to the Service while it is intercepted.</summary>
public sealed class ThirdPartyEditTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Labels_and_annotations_stay()
    {
        await using var colleague = await Colleague.CreateAsync(world, "labelled");
        await using (await colleague.InterceptAsync())
        {
            await colleague.MergeAsync("""{"metadata":{"labels":{"tier":"gold"},"annotations":{"note":"hello"}}}""");
        }

        var service = await colleague.ReadAsync();
        Assert.Equal("gold", service.Metadata.Labels["tier"]);
        Assert.Equal("hello", Assert.Single(service.Metadata.Annotations, pair => pair.Key == "note").Value);
        colleague.AssertNotOurs(service);
        Assert.Equal("leaf", service.Spec.Selector["app"]);
    }

    [Theory]
    [InlineData(SelectorStyle.Overlay)]
    [InlineData(SelectorStyle.Original)]
    public async Task A_key_added_to_the_selector_is_repaired_at_once_and_comes_back_with_the_original(SelectorStyle style)
    {
        await using var colleague = await Colleague.CreateAsync(world, $"widened-{style}".ToLowerInvariant());
        await using (var interception = await colleague.InterceptAsync(plan => plan with { SelectorStyle = style }))
        {
            await colleague.MergeAsync("""{"spec":{"selector":{"app.kubernetes.io/part-of":"shop"}}}""");
            await colleague.WaitAsync(service => service.ReadRecord() is { } record
                && record.Original.Selector.ContainsKey("app.kubernetes.io/part-of") && record.Hijack.SelectsAs(service.ToRouting().Selector));
            await colleague.WaitForDecoyAsync(decoy => decoy.Spec.Selector.ContainsKey("app.kubernetes.io/part-of"));
            Assert.False(interception.Lost.IsCompleted);
            Assert.Contains(interception.Timeline, step => step.Text.Contains("colleague", StringComparison.Ordinal));
        }

        var after = await colleague.ReadAsync();
        Assert.Equal(new Dictionary<string, string> { ["app"] = "leaf", ["app.kubernetes.io/part-of"] = "shop" }, after.Spec.Selector);
        colleague.AssertNotOurs(after);
    }

    [Fact]
    public async Task A_re_targeted_port_is_the_new_original_and_the_intercept_goes_on()
    {
        await using var colleague = await Colleague.CreateAsync(world, "retargeted");
        await using (var interception = await colleague.InterceptAsync())
        {
            await colleague.PatchAsync(live => JsonPatch.For(live).Replace("/spec/ports/0/targetPort", 4000));
            await colleague.WaitAsync(service => service.ReadRecord()?.Original.Ports[0].TargetPort == "4000" && service.Spec.Ports[0].TargetPort == "80");
            await colleague.WaitForDecoyAsync(decoy => decoy.Spec.Ports[0].TargetPort == "4000");
            Assert.False(interception.Lost.IsCompleted);
        }

        Assert.Equal("4000", (await colleague.ReadAsync()).Spec.Ports[0].TargetPort.Value);
    }

    [Fact]
    public async Task An_added_port_is_adopted_by_record_and_decoy_and_stays()
    {
        await using var colleague = await Colleague.CreateAsync(world, "added");
        await using (var interception = await colleague.InterceptAsync())
        {
            await colleague.PatchAsync(live => JsonPatch.For(live).Add(
                "/spec/ports/-", new JsonObject { ["name"] = "metrics", ["port"] = 9000, ["targetPort"] = 3010, ["protocol"] = "TCP" }));
            await colleague.WaitAsync(service => service.ReadRecord()?.Original.Ports.Count == 2);
            await colleague.WaitForDecoyAsync(decoy => decoy.Spec.Ports.Count == 2);
            Assert.False(interception.Lost.IsCompleted);
        }

        var after = await colleague.ReadAsync();
        Assert.Equal(["3010", "3010"], after.Spec.Ports.Select(port => port.TargetPort.Value));
        colleague.AssertNotOurs(after);
    }

    [Fact]
    public async Task A_removed_port_stays_away()
    {
        await using var colleague = await Colleague.CreateAsync(world, "removed", secondPort: true);
        await using (await colleague.InterceptAsync())
        {
            await colleague.PatchAsync(live => JsonPatch.For(live).Remove("/spec/ports/0"));
        }

        var port = Assert.Single((await colleague.ReadAsync()).Spec.Ports);
        Assert.Equal((3011, "3010"), (port.Port, port.TargetPort.Value));
    }

    [Fact]
    public async Task A_change_of_type_to_node_port_and_back_is_none_of_our_business()
    {
        await using var colleague = await Colleague.CreateAsync(world, "typed");
        await using (var interception = await colleague.InterceptAsync())
        {
            await colleague.MergeAsync("""{"spec":{"type":"NodePort"}}""");
            await colleague.MergeAsync("""{"spec":{"type":"ClusterIP"}}""");
            Assert.False(interception.Lost.IsCompleted);
        }

        var after = await colleague.ReadAsync();
        Assert.Equal("ClusterIP", after.Spec.Type);
        Assert.Null(after.Spec.Ports[0].NodePort);
        Assert.Equal("3010", after.Spec.Ports[0].TargetPort.Value);
    }

    [Fact]
    public async Task A_change_of_type_that_stays_keeps_its_node_port()
    {
        await using var colleague = await Colleague.CreateAsync(world, "exposed");
        int? nodePort;
        await using (await colleague.InterceptAsync())
        {
            await colleague.MergeAsync("""{"spec":{"type":"NodePort"}}""");
            nodePort = (await colleague.ReadAsync()).Spec.Ports[0].NodePort;
        }

        Assert.NotNull(nodePort);
        Assert.Equal(nodePort, (await colleague.ReadAsync()).Spec.Ports[0].NodePort);
    }

    [Fact]
    public async Task A_clean_revert_is_yielded_to_and_named()
    {
        await using var colleague = await Colleague.CreateAsync(world, "reverted");
        await using (var interception = await colleague.InterceptAsync())
        {
            await colleague.ApplyServerSideAsync("argocd-controller");

            var lost = await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));

            Assert.Contains("argocd-controller reverted spec.selector of Service shop/reverted", lost.Message, StringComparison.Ordinal);
            Assert.Contains("s after the hijack", lost.Message, StringComparison.Ordinal);
            Assert.Contains("{app: leaf}", lost.Message, StringComparison.Ordinal);
        }

        var after = await colleague.ReadAsync();
        colleague.AssertNotOurs(after);
        Assert.Equal("leaf", after.Spec.Selector["app"]);
        Assert.Equal("3010", after.Spec.Ports[0].TargetPort.Value);
    }

    [Fact]
    public async Task A_clean_revert_is_answered_by_a_new_hijack_three_times_at_most()
    {
        await using var colleague = await Colleague.CreateAsync(world, "contested");
        await using (var interception = await colleague.InterceptAsync(plan => plan with { WhenReverted = WhenReverted.Rehijack }))
        {
            for (var time = 1; time <= 3; time++)
            {
                await colleague.ApplyServerSideAsync("argocd-controller");
                await colleague.WaitAsync(service => service.ReadRecord() is { } record && record.Hijack.SelectsAs(service.ToRouting().Selector));
                Assert.False(interception.Lost.IsCompleted);
            }

            await colleague.ApplyServerSideAsync("argocd-controller");
            var lost = await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));
            Assert.Contains("hijacked again 3 times", lost.Message, StringComparison.Ordinal);
        }

        colleague.AssertNotOurs(await colleague.ReadAsync());
    }

    [Fact]
    public async Task A_replaced_service_is_lost_and_nothing_stays()
    {
        await using var colleague = await Colleague.CreateAsync(world, "replaced");
        await using (var interception = await colleague.InterceptAsync())
        {
            await colleague.ReplaceAsync();
            await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));
        }

        colleague.AssertNotOurs(await colleague.ReadAsync());
    }

    [Fact]
    public async Task A_removed_record_is_written_again()
    {
        await using var colleague = await Colleague.CreateAsync(world, "unrecorded");
        await using (var interception = await colleague.InterceptAsync())
        {
            await colleague.MergeAsync(Without("annotations", Labels.Record));
            await colleague.WaitAsync(service => service.ReadRecord() is { } record && record.Participants.Count == 1);
            await colleague.MergeAsync(Without("labels", Labels.Hijacked));
            await colleague.WaitAsync(service => service.Metadata.Labels?.ContainsKey(Labels.Hijacked) == true);
            Assert.False(interception.Lost.IsCompleted);
        }

        var after = await colleague.ReadAsync();
        colleague.AssertNotOurs(after);
        Assert.Equal("leaf", after.Spec.Selector["app"]);
    }

    [Fact]
    public async Task A_deleted_service_is_lost_and_takes_everything_along()
    {
        await using var colleague = await Colleague.CreateAsync(world, "deleted");
        await using (var interception = await colleague.InterceptAsync())
        {
            await world.Api.DeleteAsync(await colleague.ReadAsync(), Token);
            var lost = await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));
            Assert.Contains("was deleted", lost.Message, StringComparison.Ordinal);
        }

        await world.Api.WaitAsync<V1Deployment>("shop", Labels.SelectAll, found => found.Count == 0, Token);
        await world.Api.WaitAsync<V1Service>("shop", Labels.SelectAll, found => found.Count == 0, Token);
    }

    [Fact]
    public async Task A_deleted_session_is_a_loss_and_the_service_is_restored()
    {
        await using var colleague = await Colleague.CreateAsync(world, "sessionless");
        await using (var interception = await colleague.InterceptAsync(plan => plan with { TimeToLive = TimeSpan.FromSeconds(2) }))
        {
            var session = (await world.Api.FindAsync<SessionResource>("shop", interception.SessionName, Token))!;
            await world.Api.DeleteAsync(session, Token);
            var lost = await Assert.ThrowsAsync<InterceptLostException>(() => interception.Lost.WaitAsync(Token));
            Assert.Contains("was deleted by somebody else", lost.Message, StringComparison.Ordinal);
            await colleague.WaitAsync(service => service.ReadRecord() is null);
        }

        colleague.AssertNotOurs(await colleague.ReadAsync());
        Assert.Empty(await world.Api.ListAsync<V1Deployment>("shop", Labels.SelectAll, Token));
    }

    private static string Without(string map, string key) =>
        new JsonObject { ["metadata"] = new JsonObject { [map] = new JsonObject { [key] = null } } }.ToJsonString();
}
