using Microsoft.Extensions.DependencyInjection;

namespace Intercept.HeaderPropagation.Tests;

public sealed class CallersHeaderTests
{
    [Fact]
    public async Task A_header_on_the_request_is_not_overwritten()
    {
        await using var app = await TestApp.StartAsync(async context =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://next/");
            request.Headers.Add("X-C6O-Intercept", "own");
            await context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient()
                .SendAsync(request, TestContext.Current.CancellationToken);
        });

        await app.CallAsync(("x-c6o-intercept", "incoming"));

        Assert.Equal(["own"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task A_default_header_of_the_client_is_not_overwritten()
    {
        await using var app = await TestApp.StartAsync(
            TestCalls.Through("own"),
            services: services => services.AddHttpClient("own", client => client.DefaultRequestHeaders.Add("x-c6o-intercept", "own")));

        await app.CallAsync(("x-c6o-intercept", "incoming"));

        Assert.Equal(["own"], app.Network.Sent["x-c6o-intercept"]);
    }

    [Fact]
    public async Task A_header_that_one_of_the_clients_handlers_sets_is_not_doubled()
    {
        await using var app = await TestApp.StartAsync(
            TestCalls.Through("own"),
            services: services => services.AddHttpClient("own").AddHttpMessageHandler(() => new Stamp()));

        await app.CallAsync(("x-c6o-intercept", "incoming"));

        Assert.Equal(["own"], app.Network.Sent["x-c6o-intercept"]);
    }

    private sealed class Stamp : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("x-c6o-intercept", "own");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
