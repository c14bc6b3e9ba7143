using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.Sessions;

public sealed class WaitTests : IAsyncLifetime
{
    private FakeCluster _fake = null!;
    private SampleServer _app = null!;
    private InterceptSession _session = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fake = await FakeCluster.StartAsync();
        _app = await SampleServer.StartTestServerAsync();
        _session = await _fake.Cluster.InterceptAsync("shop/leaf", _app.TestServer, new InterceptOptions { Header = "x-test:1" }, Token);
        _client = _session.CreateClient("shop/frontend");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _session.DisposeAsync();
        await _app.DisposeAsync();
        await _fake.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_comes_later_ends_the_wait()
    {
        var wait = _session.WaitForCallAsync(call => call.Query == "?2", cancellationToken: Token);
        _ = await _client.GetStringAsync("/hello?1", Token);
        Assert.False(wait.IsCompleted);
        _ = await _client.GetStringAsync("/hello?2", Token);

        Assert.Equal(2, (await wait).Number);
    }

    [Fact]
    public async Task A_call_that_came_before_counts()
    {
        _ = await _client.GetStringAsync("/hello?1", Token);

        Assert.Equal("?1", (await _session.WaitForCallAsync(cancellationToken: Token)).Query);
    }

    [Fact]
    public async Task Several_calls_are_waited_for()
    {
        var wait = _session.WaitForCallsAsync(3, call => call.Path == "/hello", cancellationToken: Token);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(number => _client.GetStringAsync($"/hello?{number}", Token)));

        Assert.Equal(3, (await wait).Count);
    }

    [Fact]
    public async Task A_call_that_hangs_has_arrived_but_is_not_completed()
    {
        using var leaving = new CancellationTokenSource();
        var hanging = _client.GetAsync("/hang", leaving.Token);
        var arrived = await _session.WaitForArrivalAsync(call => call.Path == "/hang", cancellationToken: Token);
        Assert.False(arrived.Completed);
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => _session.WaitForCallAsync(timeout: TimeSpan.FromMilliseconds(50), cancellationToken: Token));

        Assert.Contains("in flight", failure.Message, StringComparison.Ordinal);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task A_time_out_shows_what_did_arrive()
    {
        _ = await _client.GetStringAsync("/hello?password-is-not-here=1", Token);
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => _session.WaitForCallAsync(call => call.Path == "/other", TimeSpan.FromMilliseconds(50), Token));

        Assert.Contains("within 0.05 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a call to shop/leaf with x-test:1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("parameter 'timeout'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0 of 1 calls matched", failure.Message, StringComparison.Ordinal);
        Assert.Matches(@"1 +\+0 +GET +/hello\?password-is-not-here=1 +200", failure.Message);
    }

    [Fact]
    public async Task A_time_out_without_any_call_names_the_likely_cause()
    {
        var failure = await Assert.ThrowsAsync<InterceptException>(
            () => _session.WaitForCallAsync(timeout: TimeSpan.FromMilliseconds(50), cancellationToken: Token));

        Assert.Contains("No call with x-test:1 has arrived at all", failure.Message, StringComparison.Ordinal);
        Assert.Contains("pass the header on", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loss_ends_the_waits_and_tells_why()
    {
        var wait = _session.WaitForCallAsync(cancellationToken: Token);
        _fake.Interceptor.Loss.SetException(new InterceptException("somebody took the Service back"));

        var failure = await Assert.ThrowsAsync<InterceptException>(() => wait);
        Assert.Contains("somebody took the Service back", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InterceptException>(() => _session.WaitForCallAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Closing_ends_the_waits()
    {
        var wait = _session.WaitForCallAsync(cancellationToken: Token);
        await _session.CloseAsync(Token);

        Assert.Contains("was closed", (await Assert.ThrowsAsync<InterceptException>(() => wait)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_wait_is_a_cancellation_and_no_time_out()
    {
        using var cancel = new CancellationTokenSource();
        var wait = _session.WaitForCallAsync(cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task More_calls_than_are_kept_can_not_be_waited_for()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _session.WaitForCallsAsync(1001, cancellationToken: Token));

        Assert.Contains("MaxRecordedCalls", refusal.Message, StringComparison.Ordinal);
    }
}
