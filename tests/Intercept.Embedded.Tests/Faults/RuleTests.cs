using System.Net;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Tests.ApiServer;
using k8s.Models;

namespace Intercept.Embedded.Tests.Faults;

/// <summary>Which calls a rule hits, and how often.</summary>
public sealed class RuleTests
{
    private static readonly ApiFault Unavailable = ApiFault.Fail(HttpStatusCode.ServiceUnavailable);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, null, "503 503 503 503")]
    [InlineData(1, null, "404 503 503 503")]
    [InlineData(0, 2, "503 503 404 404")]
    [InlineData(2, 1, "404 404 503 404")]
    public async Task A_rule_skips_and_counts(int skip, int? times, string expected)
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(Unavailable) { Calls = FaultApi.Calls("get"), Skip = skip, Times = times });
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            statuses.Add((await api.ReadAsync($"a{i}")).Status);
        }

        Assert.Equal(expected, string.Join(' ', statuses));
        Assert.Equal(statuses.Index().Where(one => one.Item == 503).Select(one => $"a{one.Index}"), fault.Hits.Select(call => call.Name));
    }

    [Fact]
    public async Task A_rule_ends_when_it_is_disposed()
    {
        await using var api = await TestApi.StartAsync();
        using (api.Faults.Add(new ApiFaultRule(Unavailable)))
        {
            Assert.Equal(503, (await api.ReadAsync("a")).Status);
        }

        Assert.Equal(404, (await api.ReadAsync("a")).Status);
        api.Faults.Add(new ApiFaultRule(Unavailable));
        api.Faults.Clear();
        Assert.Equal(404, (await api.ReadAsync("a")).Status);
    }

    [Theory]
    [InlineData("User", true)]
    [InlineData("OtherUser", false)]
    [InlineData("UserAgent", true)]
    [InlineData("OtherUserAgent", false)]
    [InlineData("Group", true)]
    [InlineData("OtherGroup", false)]
    [InlineData("Resource", false)]
    [InlineData("Subresource", true)]
    [InlineData("Namespace", true)]
    [InlineData("OtherNamespace", false)]
    [InlineData("Name", true)]
    [InlineData("OtherName", false)]
    [InlineData("Verb", true)]
    [InlineData("OtherVerb", false)]
    [InlineData("Where", true)]
    public async Task A_rule_is_addressed_by_each_of_its_fields(string filter, bool hit)
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(Unavailable)
        {
            Calls = filter switch
            {
                "User" => new() { User = "embedded" },
                "OtherUser" => new() { User = "system:serviceaccount:case-ns:default" },
                "UserAgent" => new() { UserAgentPrefix = "recorder/" },
                "OtherUserAgent" => new() { UserAgentPrefix = "kubectl/" },
                "Group" => new() { Group = "apps" },
                "OtherGroup" => new() { Group = "" },
                "Resource" => new() { Resource = "deployments" },
                "Subresource" => new() { Resource = "deployments/status" },
                "Namespace" => new() { Namespace = "case-ns" },
                "OtherNamespace" => new() { Namespace = "default" },
                "Name" => new() { Name = "web" },
                "OtherName" => new() { Name = "web2" },
                "Verb" => new() { Verb = "get" },
                "OtherVerb" => new() { Verb = "list" },
                _ => new() { Where = call => call.Path.EndsWith("/web/status", StringComparison.Ordinal) },
            },
        });

        var (status, _) = await api.SendAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/case-ns/deployments/web/status");

        Assert.Equal(hit ? 503 : 404, status);
    }

    [Fact]
    public async Task Rules_are_asked_in_order_and_an_answer_ends_it()
    {
        await using var api = await TestApi.StartAsync();
        using var hang = api.Faults.Add(new ApiFaultRule(ApiFault.Hang()));
        using var first = api.Faults.Add(new ApiFaultRule(ApiFault.Fail(HttpStatusCode.Conflict)) { Times = 1 });
        using var second = api.Faults.Add(new ApiFaultRule(Unavailable));

        var reading = api.ReadAsync("a");
        await hang.WaitForHitAsync(cancellationToken: Token);
        Assert.Empty(first.Hits);
        hang.Dispose();

        Assert.Equal(409, (await reading).Status);
        Assert.Empty(second.Hits);
        Assert.Equal(503, (await api.ReadAsync("a")).Status);
    }

    [Fact]
    public async Task A_hit_is_awaited_without_sleeping()
    {
        await using var api = await TestApi.StartAsync();
        using var fault = api.Faults.Add(new ApiFaultRule(Unavailable) { Calls = new() { Resource = "configmaps" } });
        var third = fault.WaitForHitAsync(3, Token);

        await api.ReadAsync("a");
        await api.ReadAsync("b");
        Assert.False(third.IsCompleted);
        await api.ReadAsync("c");

        Assert.Equal("c", (await third).Name);
        Assert.Equal("a", (await fault.WaitForHitAsync(1, Token)).Name);
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fault.WaitForHitAsync(4, giveUp.Token));
    }

    [Fact]
    public async Task The_clusters_own_parts_do_not_notice()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.Deployment("core"));
        using var fault = cluster.Embedded.Faults.Add(new ApiFaultRule(Unavailable));

        await cluster.WaitForAsync<V1Pod>(all => all is [{ Status.Phase: "Running" }]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.ApplyAsync(ShopYaml.Deployment("leaf")));
        Assert.StartsWith("intercept-embedded", fault.Hits[0].UserAgent, StringComparison.Ordinal);
    }
}
