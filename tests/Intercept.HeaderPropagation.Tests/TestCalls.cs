using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Intercept.HeaderPropagation.Tests;

/// <summary>What the application does while it answers.</summary>
internal static class TestCalls
{
    public static Func<HttpContext, Task> Through(string client) => context =>
        context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient(client).CallNextHopAsync();

    public static Task CallNextHopAsync(this HttpClient client) =>
        client.GetAsync(new Uri("http://next/"), TestContext.Current.CancellationToken);
}
