using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Worlds;
using Intercept.Proxy.Protocol;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace Intercept.Engine.Tests.Opening;

public sealed class OpeningTests(EngineWorld world) : IClassFixture<EngineWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Matching_requests_reach_the_handler_and_all_others_the_original()
    {
        var before = await world.SnapshotAsync();
        var (original, _) = await world.AskAsync(null);
        var plan = EngineWorld.Plan("the test process");

        await using (var interception = await world.CreateEngine().OpenAsync(plan, null, Token))
        {
            Assert.Equal("the test process", (await world.AskAsync(plan.Rule)).Body);
            Assert.Equal(original, (await world.AskAsync(null)).Body);
            Assert.Equal(original, (await world.AskAsync(HeaderRule.Create(plan.Rule.Name, "another"))).Body);
            Assert.StartsWith("intercept", (await world.AskAsync(plan.Rule)).ServedBy, StringComparison.Ordinal);
            Assert.StartsWith("cluster", (await world.AskAsync(null)).ServedBy, StringComparison.Ordinal);
            await interception.CloseAsync(Token);
        }

        Assert.Equal((original, "nobody"), await world.AskAsync(plan.Rule));
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task The_hijack_is_as_in_the_original_and_its_undo_is_recorded_twice()
    {
        var plan = EngineWorld.Plan("x");
        await using var interception = await world.CreateEngine().OpenAsync(plan, null, Token);

        var service = (await world.Api.FindAsync<V1Service>("shop", "leaf", Token))!;
        var session = (await world.Api.FindAsync<SessionResource>("shop", interception.SessionName, Token))!;
        var record = service.ReadRecord()!;

        Assert.Equal("interceptor", service.Spec.Selector["app"]);
        Assert.Equal(InterceptNames.For(plan.Service).SessionHash, service.Spec.Selector["system.codezero.io/session"]);
        Assert.Equal("80", service.Spec.Ports.Single().TargetPort.Value);
        Assert.Equal("leaf", record.Original.Selector["app"]);
        Assert.Equal([session.Participant], record.Participants);
        Assert.Equal("Active", session.Status?.Phase);
        Assert.Equal("intercept-shop-leaf", session.Metadata.Name);
        Assert.Contains("/spec/selector", session.Spec.RestoreService.Ops.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(plan.Rule.Value, session.Spec.Claim.Value);
    }

    [Fact]
    public async Task A_further_participant_shares_proxy_and_hijack_and_the_last_one_restores()
    {
        var before = await world.SnapshotAsync();
        var engine = world.CreateEngine();
        var alice = EngineWorld.Plan("alice");
        var bob = EngineWorld.Plan("bob");
        var first = await engine.OpenAsync(alice, null, Token);
        var proxy = (await world.Api.FindAsync<V1Deployment>("shop", "interceptor-leaf", Token))!.Metadata.Uid;
        var second = await engine.OpenAsync(bob, null, Token);

        Assert.Equal("alice", (await world.AskAsync(alice.Rule)).Body);
        Assert.Equal("bob", (await world.AskAsync(bob.Rule)).Body);
        Assert.Equal(proxy, (await world.Api.FindAsync<V1Deployment>("shop", "interceptor-leaf", Token))!.Metadata.Uid);

        await first.CloseAsync(Token);
        Assert.Equal("bob", (await world.AskAsync(bob.Rule)).Body);
        Assert.StartsWith("cluster", (await world.AskAsync(alice.Rule)).ServedBy, StringComparison.Ordinal);

        await second.CloseAsync(Token);
        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_claimed_value_is_refused_naming_its_owner_and_the_first_goes_on()
    {
        var engine = world.CreateEngine();
        var plan = EngineWorld.Plan("first") with { Holder = "The first test" };
        await using var first = await engine.OpenAsync(plan, null, Token);
        var during = await world.SnapshotAsync();

        var exception = await Assert.ThrowsAsync<InterceptClaimedException>(() => engine.OpenAsync(EngineWorld.Plan("second", plan.Rule), null, Token));

        Assert.Contains("The first test", exception.Message, StringComparison.Ordinal);
        Assert.Contains(first.SessionName, exception.Message, StringComparison.Ordinal);
        Assert.Equal(during, await world.SnapshotAsync());
        Assert.Equal("first", (await world.AskAsync(plan.Rule)).Body);
    }

    [Fact]
    public async Task All_traffic_comes_after_every_header_rule()
    {
        var engine = world.CreateEngine();
        var mine = EngineWorld.Plan("mine");
        await using var all = await engine.OpenAsync(EngineWorld.Plan("all", HeaderRule.AllTraffic), null, Token);
        await using var one = await engine.OpenAsync(mine, null, Token);

        Assert.Equal("all", (await world.AskAsync(null)).Body);
        Assert.Equal("mine", (await world.AskAsync(mine.Rule)).Body);
    }

    [Fact]
    public async Task Tests_of_one_intercept_have_routes_of_their_own_without_a_write_to_the_cluster()
    {
        await using var interception = await world.CreateEngine().OpenAsync(EngineWorld.Plan("main"), null, Token);
        var version = (await world.Api.FindAsync<V1Service>("shop", "leaf", Token))!.Metadata.ResourceVersion;
        var rule = interception.CreateTestRule();

        await using (await interception.AddRouteAsync(rule, EngineWorld.Plan("one test").Handler, Token))
        {
            Assert.Equal("one test", (await world.AskAsync(rule)).Body);
        }

        Assert.StartsWith("cluster", (await world.AskAsync(rule)).ServedBy, StringComparison.Ordinal);
        Assert.Equal(version, (await world.Api.FindAsync<V1Service>("shop", "leaf", Token))!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Ports_that_are_not_intercepted_lead_to_the_original_and_keep_their_numbers()
    {
        var before = await world.SnapshotAsync();
        var original = (await world.AskAsync(null)).Body;
        var plan = EngineWorld.Plan("test") with { Service = ServiceReference.Parse("shop/double"), Port = "admin" };
        await using (await world.CreateEngine().OpenAsync(plan, null, Token))
        {
            Assert.Equal("test", (await world.AskAsync(plan.Rule, "double.shop:3011")).Body);
            Assert.Equal(original, (await world.AskAsync(plan.Rule, "double.shop:3010")).Body);
            Assert.Equal((original, "nobody"), await world.AskAsync(plan.Rule, "double.shop:3012"));
            var ports = (await world.Api.FindAsync<V1Service>("shop", "double", Token))!.Spec.Ports;
            Assert.Equal(["http 3010 80", "admin 3011 81", "tcp-raw 3012 82"], ports.Select(port => $"{port.Name} {port.Port} {port.TargetPort.Value}"));
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_although_its_intercept_is_closed_meanwhile()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var plan = EngineWorld.Plan("unused") with
        {
            Handler = async context =>
            {
                arrived.SetResult();
                await release.Task;
                await context.Response.WriteAsync("answered in peace");
            },
        };
        await using var interception = await world.CreateEngine().OpenAsync(plan, null, Token);

        var asking = world.AskAsync(plan.Rule);
        await arrived.Task.WaitAsync(Token);
        var closing = interception.CloseAsync(Token);
        Assert.False(closing.IsCompleted);
        release.SetResult();

        Assert.Equal("answered in peace", (await asking).Body);
        await closing;
    }

    [Fact]
    public async Task A_handler_that_throws_is_a_500_to_the_caller()
    {
        var plan = EngineWorld.Plan("unused") with { Handler = _ => throw new InvalidOperationException("the service has a bug") };
        await using var interception = await world.CreateEngine().OpenAsync(plan, null, Token);

        using var response = await world.SendAsync(plan.Rule);

        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("intercept", response.Headers.GetValues("x-intercept-served-by").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_colleague_changed_meanwhile_is_there_afterwards()
    {
        await using (await world.CreateEngine().OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
            await PatchLeafAsync(live => JsonPatch.For(live).SetLabel(live, "colleague", "was-here"));
        }

        var service = (await world.Api.FindAsync<V1Service>("shop", "leaf", Token))!;
        Assert.Equal("was-here", service.Metadata.Labels["colleague"]);
        Assert.Equal("leaf", service.Spec.Selector["app"]);
        Assert.Null(service.ReadRecord());
        await PatchLeafAsync(live => JsonPatch.For(live).RemoveLabel(live, "colleague"));
    }

    [Fact]
    public async Task The_session_of_a_process_that_ended_is_closed_by_the_next_one()
    {
        var before = await world.SnapshotAsync();
        await using (var interception = await world.CreateEngine().OpenAsync(EngineWorld.Plan("x"), null, Token))
        {
            // The journal of a process that was killed halfway: its Session is there, it is not.
            var own = (await world.Api.FindAsync<SessionResource>("shop", interception.SessionName, Token))!;
            await world.Api.CreateAsync(Orphan(own), Token);
        }

        var steps = new List<string>();
        await using (await world.CreateEngine().OpenAsync(EngineWorld.Plan("y"), new Progress(steps.Add), Token))
        {
            Assert.Contains(steps, step => step.Contains("its process has ended", StringComparison.Ordinal));
        }

        Assert.Equal(before, await world.SnapshotAsync());
    }

    private static SessionResource Orphan(SessionResource session) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{session.Metadata.Name}-orphan",
            NamespaceProperty = "shop",
            Labels = session.Metadata.Labels,
            OwnerReferences = session.Metadata.OwnerReferences,
        },
        Spec = session.Spec with
        {
            Nonce = "0123456789abcdef",
            Holder = session.Spec.Holder with { ProcessStarted = "1" },
        },
    };

    private async Task PatchLeafAsync(Func<LiveService, JsonPatch> patch)
    {
        var live = (await world.Api.FindAsync<V1Service>("shop", "leaf", Token))!;
        await world.Api.PatchAsync<V1Service>("shop", "leaf", patch(live.ToLive()), Token);
    }

    private sealed class Progress(Action<string> report) : IProgress<InterceptStep>
    {
        public void Report(InterceptStep value) => report(value.Text);
    }
}
