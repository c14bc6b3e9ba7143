using k8s;

namespace Intercept.Testing.Xunit.Tests;

public sealed class FixtureLifecycleTests
{
    [Fact]
    public async Task Nothing_starts_before_the_first_test_that_needs_it()
    {
        var fixture = new HopFixture();
        await ((IAsyncLifetime)fixture).InitializeAsync();
        Assert.Equal(0, fixture.Connects);
        await EndAsync(fixture);

        Assert.Equal(0, fixture.Connects);
    }

    [Fact]
    public async Task Many_first_tests_at_once_start_it_once()
    {
        var fixture = new HopFixture();
        var tests = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.BeginTestAsync(cancellationToken: Current.Token)));

        Assert.Equal(1, fixture.Connects);
        Assert.Equal(20, tests.Select(test => test.HeaderValue).Distinct().Count());
        await EndAsync(fixture);
    }

    [Fact]
    public async Task Its_end_closes_the_intercept_and_the_cluster()
    {
        var fixture = new HopFixture();
        _ = await fixture.BeginTestAsync(cancellationToken: Current.Token);
        await EndAsync(fixture);

        var interceptor = Assert.Single(fixture.Interceptors);
        Assert.Equal(["route removed", "disposed"], interceptor.Events);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(interceptor.Address, Current.Token));
    }

    [Fact]
    public async Task A_failed_start_is_cleaned_up_and_told_to_every_test_without_a_second_attempt()
    {
        var fixture = new HopFixture { FailOpening = new InterceptException("the Service has no selector") };
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var failure = await Assert.ThrowsAsync<InterceptException>(() => fixture.BeginTestAsync(cancellationToken: Current.Token));
            Assert.Contains("the Service has no selector", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, fixture.Connects);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(fixture.Interceptors.Single().Address, Current.Token));
        await EndAsync(fixture);
    }

    [Fact]
    public async Task A_test_that_is_cancelled_in_the_start_leaves_it_to_the_next()
    {
        using var cancel = new CancellationTokenSource();
        var connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fixture = new HopFixture
        {
            BeforeConnect = token =>
            {
                connecting.TrySetResult();
                return Task.Delay(token == cancel.Token ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, token);
            },
        };
        var first = fixture.BeginTestAsync(cancellationToken: cancel.Token);
        await connecting.Task;
        var second = fixture.BeginTestAsync(cancellationToken: Current.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.NotNull(await second);
        Assert.Equal(2, fixture.Connects);
        await EndAsync(fixture);
    }

    [Fact]
    public async Task A_fixture_that_does_not_say_what_to_intercept_is_told_how()
    {
        var fixture = new HopFixture { Service = " " };
        var failure = await Assert.ThrowsAsync<InterceptException>(() => fixture.BeginTestAsync(cancellationToken: Current.Token));

        Assert.Contains("HopFixture does not say what to intercept", failure.Message, StringComparison.Ordinal);
        Assert.Contains("options.Service = \"shop/leaf\"", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Connects);
    }

    [Fact]
    public async Task A_cluster_fixture_connects_for_the_first_who_asks()
    {
        var fixture = new InterceptClusterFixture();
        var clusters = await Task.WhenAll(fixture.GetClusterAsync(cancellationToken: Current.Token), fixture.GetClusterAsync(cancellationToken: Current.Token));

        Assert.Same(clusters[0], clusters[1]);
        Assert.NotNull(await clusters[0].Kubernetes.Version.GetCodeAsync(Current.Token));
        await EndAsync(fixture);
    }

#if XUNIT_V3
    private static async Task EndAsync(IAsyncLifetime fixture) => await fixture.DisposeAsync();
#else
    private static Task EndAsync(IAsyncLifetime fixture) => fixture.DisposeAsync();
#endif
}
