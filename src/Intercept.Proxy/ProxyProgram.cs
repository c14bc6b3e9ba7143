namespace Intercept.Proxy;

/// <summary>Entry point of the interceptor pod.</summary>
internal static class ProxyProgram
{
    private static async Task Main(string[] args)
    {
        await using var app = WebApplication.CreateSlimBuilder(args).Build();
        await app.RunAsync();
    }
}
