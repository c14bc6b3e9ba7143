using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intercept.HeaderPropagation.Tests;

/// <summary>An application whose <c>GET /</c> does what the test gives it, and whose clients all send into one recorder.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(WebApplication app) => _app = app;

    public RecordingHandler Network { get; } = new();

    public IServiceProvider Services => _app.Services;

    public static async Task<TestApp> StartAsync(
        Func<HttpContext, Task> answer,
        Action<InterceptHeaderPropagationOptions>? options = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddInterceptHeaderPropagation(options);
        services?.Invoke(builder.Services);

        TestApp? result = null;
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => result!.Network));
        var app = builder.Build();
        app.MapGet("/", answer);
        result = new TestApp(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return result;
    }

    /// <summary>Sends one request into the application and awaits its answer.</summary>
    public async Task CallAsync(params (string Name, string Value)[] headers)
    {
        using var client = _app.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public HttpClient CreateClient(string name = "") => Services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
