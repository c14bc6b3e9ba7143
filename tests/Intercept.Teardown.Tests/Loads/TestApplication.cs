using Intercept.Tests.Apps.Holder;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace Intercept.Teardown.Tests.Loads;

/// <summary>The application under test: in this process, with a ledger of its own.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApplication(WebApplication app) => _app = app;

    public Ledger Ledger { get; } = new(LoadBooks.Test);

    public TestServer Server => _app.GetTestServer();

    public static async Task<TestApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.UseWebSockets();
        var application = new TestApplication(app);
        application.Ledger.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
