using System.Collections.Concurrent;
using Intercept.Testing.Sessions;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Sessions;

public sealed class SessionTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _lines = new();
    private FakeCluster _fake = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _fake = await FakeCluster.StartAsync(new InterceptClusterOptions { Progress = InterceptProgress.To(_lines.Enqueue) });

    public ValueTask DisposeAsync() => _fake.DisposeAsync();

    [Fact]
    public async Task Requests_with_the_sessions_header_reach_the_target_and_others_do_not()
    {
        await using var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("mine"), cancellationToken: Token);
        using var mine = session.CreateClient("shop/frontend");
        using var others = _fake.Cluster.CreateClient("shop/frontend");

        Assert.Equal("mine", await mine.GetStringAsync("/", Token));
        Assert.Equal(FakeInterceptor.InCluster, await others.GetStringAsync("/", Token));
        Assert.Single(session.Calls);
    }

    [Fact]
    public async Task A_header_of_its_own_is_drawn_for_each_session()
    {
        await using var first = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("1"), cancellationToken: Token);
        await using var second = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("2"), cancellationToken: Token);

        Assert.Equal("X-C6O-INTERCEPT", first.HeaderName);
        Assert.Matches("^[0-9a-f]{32}$", first.HeaderValue);
        Assert.NotEqual(first.HeaderValue, second.HeaderValue);
    }

    [Fact]
    public async Task Options_arrive_in_the_engines_plan()
    {
        var options = new InterceptOptions
        {
            Header = "x-me: a:b ",
            Port = "http",
            WhenLost = WhenLost.PassThrough,
            ProxyImage = "mirror/aspnet:10.0",
            Holder = "somebody",
            Timeouts = new InterceptTimeouts { Close = TimeSpan.FromSeconds(3) },
        };
        await using var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("1"), options, Token);
        var plan = EngineInterceptor.CreatePlan(session.Service, session.Header, _ => Task.CompletedTask, Assert.Single(_fake.Interceptor.Opened));

        Assert.Equal("shop/leaf", plan.Service.ToString());
        Assert.Equal(("x-me", "a:b"), (session.HeaderName, session.HeaderValue));
        Assert.Equal(session.Header, plan.Rule);
        Assert.Equal(("http", WhenLost.PassThrough, "mirror/aspnet:10.0", "somebody"), (plan.Port, plan.WhenLost, plan.ProxyImage, plan.Holder));
        Assert.Equal(TimeSpan.FromSeconds(3), plan.Timeouts.Close);
        Assert.Equal("[intercept 00:01.234] proxy ready", Assert.Single(_lines));
    }

    [Fact]
    public async Task Each_test_on_one_intercept_gets_its_own_calls_and_target()
    {
        await using var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("shared"), cancellationToken: Token);
        await using var plain = await session.BeginTestAsync(cancellationToken: Token);
        await using var faked = await session.BeginTestAsync(new AnswerHandler("faked"), Token);
        using var plainClient = plain.CreateClient("shop/frontend");
        using var fakedClient = faked.CreateClient("shop/frontend");

        Assert.Equal("shared", await plainClient.GetStringAsync("/plain", Token));
        Assert.Equal("faked", await fakedClient.GetStringAsync("/faked", Token));
        Assert.Equal("/plain", Assert.Single(plain.Calls).Path);
        Assert.Equal("/faked", Assert.Single(faked.Calls).Path);
        Assert.Empty(session.Calls);
        Assert.Equal(3, new[] { session, plain, faked }.Select(each => each.HeaderValue).Distinct().Count());
        Assert.Single(_fake.Interceptor.Opened);
    }

    [Fact]
    public async Task A_test_that_ended_gives_its_value_back_and_leaves_the_intercept_open()
    {
        await using var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("shared"), cancellationToken: Token);
        var test = await session.BeginTestAsync(cancellationToken: Token);
        using var client = test.CreateClient("shop/frontend");
        await test.DisposeAsync();
        await test.DisposeAsync();
        using var stillOpen = session.CreateClient("shop/frontend");

        Assert.Equal(FakeInterceptor.InCluster, await client.GetStringAsync("/", Token));
        Assert.Equal("shared", await stillOpen.GetStringAsync("/", Token));
    }

    [Fact]
    public async Task Closing_ends_the_tests_first_and_a_second_time_does_nothing_more()
    {
        var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("shared"), cancellationToken: Token);
        _ = await session.BeginTestAsync(cancellationToken: Token);
        await session.CloseAsync(Token);

        Assert.Equal(["route removed", "closed"], _fake.Interceptor.Events);
        await session.CloseAsync(Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.BeginTestAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_close_that_fails_throws_and_a_disposal_that_fails_only_tells()
    {
        var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("shared"), cancellationToken: Token);
        _fake.Interceptor.FailClosing = new InterceptException("the Service was not restored");

        await Assert.ThrowsAsync<InterceptException>(() => session.CloseAsync(Token));
        var wait = session.WaitForCallAsync(cancellationToken: Token);
        await session.DisposeAsync();
        await Assert.ThrowsAsync<InterceptException>(() => wait);
        Assert.Contains(_lines, line => line.Contains("the Service was not restored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_cluster_closes_what_is_still_open()
    {
        _ = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("shared"), cancellationToken: Token);
        await _fake.Cluster.DisposeAsync();

        Assert.Equal(["disposed"], _fake.Interceptor.Events);
    }

    [Fact]
    public async Task A_client_takes_the_services_first_port_or_the_one_that_is_named()
    {
        using var first = _fake.Cluster.CreateClient("shop/frontend");
        using var named = _fake.Cluster.CreateClient("shop/frontend", 9090);
        _ = await first.GetStringAsync("/", Token);
        _ = await named.GetStringAsync("/", Token);

        Assert.Equal([3030, 9090], _fake.Interceptor.Ports);
        Assert.Equal("http://frontend.shop:9090/", named.BaseAddress!.ToString());
    }

    [Fact]
    public async Task A_client_of_a_service_that_is_not_there_names_those_that_are()
    {
        using var client = _fake.Cluster.CreateClient("shop/front");
        var failure = await Assert.ThrowsAsync<InterceptException>(() => client.GetStringAsync("/", Token));

        Assert.Contains("shop/front: there is no such Service. Namespace shop has: frontend.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_the_test_sets_itself_is_left_alone()
    {
        await using var session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("mine"), cancellationToken: Token);
        using var client = session.CreateClient("shop/frontend");
        client.DefaultRequestHeaders.Add(session.HeaderName, "somebody-else");

        Assert.Equal(FakeInterceptor.InCluster, await client.GetStringAsync("/", Token));
    }
}
