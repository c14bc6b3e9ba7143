using Microsoft.Extensions.DependencyInjection;

namespace Intercept.HeaderPropagation.Tests;

public sealed class PropagationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("named")]
    public async Task Matching_headers_go_along_with_every_client_of_the_factory(string client)
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(client));

        await app.CallAsync(("X-C6O-INTERCEPT", "yes"), ("x-c6o-user", "a:b"), ("x-other", "stays"), ("Cookie", "stays=1"));

        Assert.Equal(["x-c6o-intercept", "x-c6o-user"], app.Network.Sent.Keys.Select(name => name.ToLowerInvariant()).Order());
        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
        Assert.Equal(["a:b"], app.Network.Sent["x-c6o-user"]);
    }

    [Fact]
    public async Task A_typed_client_propagates_too()
    {
        await using var app = await TestApp.StartAsync(
            context => context.RequestServices.GetRequiredService<TypedClient>().Http.CallNextHopAsync(),
            services: services => services.AddHttpClient<TypedClient>());

        await app.CallAsync(("x-c6o-intercept", "yes"));

        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task A_client_that_drops_all_its_handlers_propagates_too()
    {
        await using var app = await TestApp.StartAsync(
            TestCalls.Through("bare"),
            services: services => services.AddHttpClient("bare").ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear()));

        await app.CallAsync(("x-c6o-intercept", "yes"));

        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task A_synchronous_call_propagates_too()
    {
        await using var app = await TestApp.StartAsync(context =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://next/");
            context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient().Send(request).Dispose();
            return Task.CompletedTask;
        });

        await app.CallAsync(("x-c6o-intercept", "yes"));

        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task All_values_of_a_repeated_header_go_along()
    {
        await using var app = await TestApp.StartAsync(TestCalls.Through(""));

        await app.CallAsync(("x-c6o-intercept", "one"), ("x-c6o-intercept", "two"));

        Assert.Equal(["one", "two"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task A_client_made_by_hand_propagates_with_the_handler()
    {
        await using var app = await TestApp.StartAsync(async context =>
        {
            var handler = context.RequestServices.GetRequiredService<InterceptHeaderPropagationHandler>();
            handler.InnerHandler = context.RequestServices.GetRequiredService<RecordingHandler>();
            using var client = new HttpClient(handler, disposeHandler: false);
            await client.CallNextHopAsync();
        }, services: services => services.AddSingleton<RecordingHandler>());

        await app.CallAsync(("x-c6o-intercept", "yes"));

        Assert.Equal(["yes"], app.Services.GetRequiredService<RecordingHandler>().Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task Adding_it_twice_sends_each_value_once()
    {
        await using var app = await TestApp.StartAsync(
            TestCalls.Through(""),
            services: services => services.AddInterceptHeaderPropagation(options => options.Prefixes.Add("x-team-")));

        await app.CallAsync(("x-c6o-intercept", "yes"), ("x-team-route", "blue"));

        Assert.Equal(["yes"], app.Network.Sent["x-c6o-intercept"]);
        Assert.Equal(["blue"], app.Network.Sent["x-team-route"]);
    }

    private sealed class TypedClient(HttpClient http)
    {
        public HttpClient Http { get; } = http;
    }
}
