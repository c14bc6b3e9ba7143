using FluentAssertions;
using Intercept.Testing.FluentAssertions;
using Intercept.Testing.Tests.Fakes;

namespace Intercept.Testing.Tests.FluentAssertions;

public sealed class SessionAssertionTests : IAsyncLifetime
{
    private FakeCluster _fake = null!;
    private InterceptSession _session = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fake = await FakeCluster.StartAsync();
        _session = await _fake.Cluster.InterceptAsync("shop/leaf", new AnswerHandler("mine"), new InterceptOptions { Header = "x-test:1" }, Token);
        _client = _session.CreateClient("shop/frontend");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _session.DisposeAsync();
        await _fake.DisposeAsync();
    }

    [Fact]
    public async Task What_came_is_found()
    {
        _ = await _client.GetStringAsync("/leaf?a=1", Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/leaf") { Content = new StringContent("""{ "name": "oak", "age": 7 }""") };
        request.Headers.Authorization = new("Bearer", "secret");
        using var response = await _client.SendAsync(request, Token);

        _session.Should().HaveReceived("/leaf").Times(2);
        _session.Should().HaveReceived("/leaf").WithMethod("post").WithHeader("X-Test", "1").WithHeader("Authorization", "Bearer secret").Once();
        _session.Calls.Should().HaveReceived("/leaf").WithMethod("GET").Once();
        _session.Calls.Should().ContainSingle(call => call.Query == "?a=1");
    }

    [Fact]
    public async Task A_JSON_body_is_compared_by_its_meaning()
    {
        using var echo = new ReadingHandler();
        await using var test = await _session.BeginTestAsync(echo, Token);
        using var client = test.CreateClient("shop/frontend");
        using var response = await client.PostAsync("/leaf", new StringContent("""{ "age": 7, "name": "oak" }"""), Token);

        test.Should().HaveReceived("/leaf").WithJsonBody(new { Name = "oak", Age = 7 }).Once();
        test.Should().HaveReceived("/leaf").WithJsonBody("""{"name":"oak","age":7}""").Once();
        Message(() => test.Should().HaveReceived("/leaf").WithJsonBody(new { Name = "elm" }))
            .Should().Contain("""with JSON body {"name":"elm"}""").And.Contain("""body: { "age": 7, "name": "oak" }""");
    }

    [Fact]
    public void Nothing_received_is_told()
    {
        _session.Should().HaveReceivedNothing();

        Message(() => _session.Should().HaveReceived("/leaf", "core asks {0}", "leaf")).Should().Be(
            "Session on shop/leaf with x-test:1 should have received a call to /leaf because core asks leaf, but did not. No call has arrived.");
    }

    [Fact]
    public async Task A_wrong_path_shows_the_calls_that_came()
    {
        _ = await _client.GetStringAsync("/other?%7B0%7D", Token);

        Message(() => _session.Should().HaveReceived("/leaf")).Should().MatchRegex(
            @"(?s)should have received a call to /leaf, but did not\. These have arrived:\s+#  at ms  method  path +answer  took ms\s+1  \+0 +GET +/other\?%7B0%7D +200");
        Message(() => _session.Should().HaveReceivedNothing("it is {0}", "idle")).Should()
            .Contain("should have received nothing because it is idle. These have arrived:").And.Contain("/other?%7B0%7D");
    }

    [Fact]
    public async Task A_wrong_header_shows_the_nearest_miss_without_its_secrets()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/leaf");
        request.Headers.Authorization = new("Bearer", "secret");
        request.Headers.Add("cookie", "secret");
        request.Headers.Add("x-color", "red");
        using var response = await _client.SendAsync(request, Token);

        var message = Message(() => _session.Should().HaveReceived("/leaf").WithHeader("x-color", "blue"));
        message.Should().Contain("a call to /leaf with header x-color: blue, but did not.");
        message.Should().Contain("The nearest miss, which does not fit 'with header x-color: blue':").And.Contain("x-color: red");
        message.Should().Contain("Authorization: ***").And.NotContain("secret");
    }

    [Fact]
    public async Task A_wrong_count_tells_both()
    {
        _ = await _client.GetStringAsync("/leaf", Token);
        _ = await _client.GetStringAsync("/leaf", Token);

        Message(() => _session.Should().HaveReceived("/leaf").Once()).Should().Contain("should have received 1 call to /leaf, but received 2. These have arrived:");
        Message(() => _session.Should().HaveReceived("/leaf").Times(3)).Should().Contain("should have received 3 calls to /leaf, but received 2.");
    }

    private static string Message(Action assertion) => Assert.ThrowsAny<Exception>(assertion).Message;

    private sealed class ReadingHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _ = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage();
        }
    }
}
