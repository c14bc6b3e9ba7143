using System.Net;
using System.Net.Http.Headers;
using Intercept.Engine.Journal;
using Intercept.Engine.Records;
using Intercept.Engine.Tests.Worlds;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Tests.Reaping;

/// <summary>What the proxy's pod does about intercepts whose holder is gone.</summary>
public sealed class ReaperTests(ReapingWorld world) : IClassFixture<ReapingWorld>
{
    // The goal is the time to live and 5 s more; a machine that is busy with other things gets more time, and the output tells.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineWorld Engines => world.Engines;

    [Fact]
    public async Task A_dead_holders_intercept_is_closed_and_no_other_request_is_lost()
    {
        var before = await Engines.SnapshotAsync();
        var original = (await Engines.AskAsync(null)).Body;
        await using var engine = new MortalEngine(Engines);
        await engine.OpenAsync(ReapingWorld.Plan("dead"));
        using var stop = new CancellationTokenSource();
        var calls = world.CallAsync(stop.Token);
        world.Traffic.Forget();

        engine.Die();
        var restored = await ReapingWorld.UntilAsync(async () => !await world.IsHijackedAsync(), Limit);
        var gone = await world.UntilNothingIsLeftAsync(before, Limit);

        await stop.CancelAsync();
        var answers = await calls;
        TestContext.Current.TestOutputHelper?.WriteLine($"restored after {restored}, the rest gone {gone} later, {answers.Count} requests of others meanwhile");
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal(original, answer));
        Assert.DoesNotContain(world.Traffic.Calls, call => call.Status is 401 or 403);
    }

    [Fact]
    public async Task Of_two_participants_only_the_dead_one_goes()
    {
        var before = await Engines.SnapshotAsync();
        await using var mortal = new MortalEngine(Engines);
        var dead = await mortal.OpenAsync(ReapingWorld.Plan("dead"));
        var plan = ReapingWorld.Plan("alive");
        await using var alive = await Engines.CreateEngine().OpenAsync(plan, null, Token);
        world.Traffic.Forget();

        mortal.Die();
        await ReapingWorld.UntilAsync(
            async () => await Engines.Api.FindAsync<SessionResource>("shop", dead.SessionName, Token) is null && (await world.ReadClaimantsAsync()).All(id => id == alive.SessionName),
            Limit);

        Assert.Equal([alive.SessionName], (await world.ReadLeafAsync()).ReadRecord()!.Participants.Select(participant => participant.Id));
        Assert.Empty((await world.ReadLeafAsync()).ToLive().Fences);
        Assert.Equal("alive", (await Engines.AskAsync(plan.Rule)).Body);
        Assert.False(alive.Lost.IsCompleted);
        Assert.DoesNotContain(world.Traffic.Calls, call => call.Status is 401 or 403);

        await alive.CloseAsync(Token);
        Assert.Equal(before, await Engines.SnapshotAsync());
    }

    [Fact]
    public async Task Two_participants_that_die_together_leave_nothing()
    {
        var before = await Engines.SnapshotAsync();
        await using var engine = new MortalEngine(Engines);
        await engine.OpenAsync(ReapingWorld.Plan("one"));
        await engine.OpenAsync(ReapingWorld.Plan("two"));

        engine.Die();

        await ReapingWorld.UntilAsync(async () => !await world.IsHijackedAsync(), Limit);
        await world.UntilNothingIsLeftAsync(before, Limit);
    }

    [Fact]
    public async Task A_Session_that_somebody_deletes_is_an_intercept_that_is_closed()
    {
        var before = await Engines.SnapshotAsync();
        var plan = ReapingWorld.Plan("alive", seconds: 60) with { Timeouts = new() { Close = TimeSpan.FromSeconds(3) } };
        await using var interception = await Engines.CreateEngine().OpenAsync(plan, null, Token);

        await Engines.Client.CustomObjects.DeleteNamespacedCustomObjectAsync(
            SessionResource.GroupName, SessionResource.VersionName, "shop", SessionResource.Plural, interception.SessionName, cancellationToken: Token);

        await ReapingWorld.UntilAsync(async () => !await world.IsHijackedAsync(), Limit);
        await world.UntilNothingIsLeftAsync(before, Limit);
        await Assert.ThrowsAnyAsync<InterceptException>(() => interception.Lost.WaitAsync(Limit, Token));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', interception.Timeline.Select(step => $"{step.Elapsed} {step.Text}")));
    }

    [Fact]
    public async Task The_reapers_rights_end_at_its_own_intercept()
    {
        await using var interception = await Engines.CreateEngine().OpenAsync(ReapingWorld.Plan("alive"), null, Token);
        await ReapingWorld.UntilAsync(() => Task.FromResult(world.Traffic.Token.Length > 0), Limit);
        using var client = new HttpClient { BaseAddress = Engines.ApiServer };
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(world.Traffic.Token);

        Assert.Equal(HttpStatusCode.OK, await AskAsync("GET", "/api/v1/namespaces/shop/services/leaf"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("GET", $"/apis/system.codezero.io/v1/namespaces/shop/sessions/{interception.SessionName}"));
        string[] forbidden =
        [
            "GET /api/v1/namespaces/shop/services", "GET /api/v1/namespaces/shop/services/double", "PATCH /api/v1/namespaces/shop/services/double",
            "DELETE /api/v1/namespaces/shop/services/leaf", "GET /api/v1/namespaces/shop/configmaps/kube-root-ca.crt", "GET /api/v1/namespaces/shop/secrets",
            "DELETE /apis/apps/v1/namespaces/shop/deployments/leaf", "GET /api/v1/namespaces/shop/pods", "GET /api/v1/namespaces/callers/services/caller",
            "GET /apis/system.codezero.io/v1/namespaces/shop/sessions", "PATCH /apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/interceptor-leaf",
        ];
        foreach (var call in forbidden)
        {
            Assert.Equal((call, HttpStatusCode.Forbidden), (call, await AskAsync(call.Split(' ')[0], call.Split(' ')[1])));
        }

        async Task<HttpStatusCode> AskAsync(string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Content = method == "PATCH" ? new StringContent("{}", MediaTypeHeaderValue.Parse("application/merge-patch+json")) : null;
            using var response = await client.SendAsync(request, Token);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_Session_that_is_kept_in_a_ConfigMap_is_closed_like_any_other()
    {
        var before = await Engines.SnapshotAsync();
        await using var alive = await Engines.CreateEngine().OpenAsync(ReapingWorld.Plan("alive"), null, Token);
        var map = await Engines.Api.CreateAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta
                {
                    Name = "intercept-shop-leaf-map",
                    NamespaceProperty = "shop",
                    Labels = new Dictionary<string, string> { [Labels.ManagedBy] = Labels.Manager },
                    Annotations = new Dictionary<string, string> { ["system.codezero.io/status"] = """{"phase":"Active","heartbeat":"1"}""" },
                },
                Immutable = true,
                Data = new Dictionary<string, string> { ["session.json"] = """{"spec":{"ttlSeconds":2}}""" },
            },
            Token);
        var participant = new Intercept.Proxy.Protocol.Participant(map.Metadata.Name, map.Metadata.Uid);
        var scope = new ServiceScope(Engines.Api, EngineWorld.Leaf, TimeProvider.System);
        await scope.ReaperAccount.AdmitAsync(participant.Id, Token);
        await scope.Decoy.ClaimAsync(new V1Service(), participant, Token);
        await scope.ConfigMap.ClaimAsync(new V1ConfigMap(), participant, Token);

        await ReapingWorld.UntilAsync(
            async () => await Engines.Api.FindAsync<V1ConfigMap>("shop", map.Metadata.Name, Token) is null && (await world.ReadClaimantsAsync()).All(id => id == alive.SessionName),
            Limit);

        Assert.Empty((await world.ReadLeafAsync()).ToLive().Fences);
        Assert.False(alive.Lost.IsCompleted);
        await alive.CloseAsync(Token);
        Assert.Equal(before, await Engines.SnapshotAsync());
    }
}
