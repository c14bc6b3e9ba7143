namespace Intercept.Embedded.Tests.Network;

public sealed class KubeProxyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_share_the_connections_and_a_connection_stays_with_one()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core", replicas: 2));
        await cluster.WaitUntilReadyAsync();
        var answers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var client = cluster.CreateServiceClient("core");
            var first = await client.GetStringAsync("/connection", Cancelled);
            Assert.Equal(first, await client.GetStringAsync("/connection", Cancelled));
            answers.Add(first.Split('/')[0]);
        }

        Assert.Equal([2, 2], answers.CountBy(pod => pod).Select(pod => pod.Value));
    }

    [Fact]
    public async Task A_kept_alive_connection_stays_where_it_was_when_the_selector_moves()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("old") + ShopYaml.App("new") + ShopYaml.Service("front", "old"));
        await cluster.WaitUntilReadyAsync();
        using var early = cluster.CreateServiceClient("front");
        Assert.StartsWith("old-", await early.GetStringAsync("/who", Cancelled), StringComparison.Ordinal);

        await cluster.ApplyAsync(ShopYaml.Service("front", "new"));
        await NewConnectionsReachAsync(cluster, "front", "new-");

        Assert.StartsWith("old-", await early.GetStringAsync("/who", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_endpoints_new_connections_are_refused_until_there_are_some_again()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ShopYaml.App("core"));
        await cluster.WaitUntilReadyAsync();
        await NewConnectionsReachAsync(cluster, "core", "core-");

        await cluster.ApplyAsync(ShopYaml.Service("core", "nothing"));
        await UntilAsync(async () => !await Answers(cluster, "core", ""));

        await cluster.ApplyAsync(ShopYaml.Service("core", "core"));
        await NewConnectionsReachAsync(cluster, "core", "core-");
    }

    private static Task NewConnectionsReachAsync(TestCluster cluster, string service, string pod) =>
        UntilAsync(() => Answers(cluster, service, pod));

    private static async Task<bool> Answers(TestCluster cluster, string service, string pod)
    {
        using var client = cluster.CreateServiceClient(service);
        try
        {
            return (await client.GetStringAsync("/who", Cancelled)).StartsWith(pod, StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
