namespace Shop.Frontend;

/// <summary>The shop's entrance, on port 3030: asks Core.</summary>
public sealed class Program
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var configuration = builder.Configuration;
        builder.Services
            .AddInterceptHeaderPropagation()
            .AddNextHop(configuration["CORE_URL"] ?? "http://core:3000", configuration.GetValue("KEEP_ALIVE", true));

        await using var app = builder.Build();
        app.MapGet("/", (HttpRequest request, NextHop core, CancellationToken cancellationToken) =>
            core.GetAsync("/core", Answer.From("frontend", request, configuration), cancellationToken));
        app.MapPost("/orders", (Order order, HttpRequest request, NextHop core, CancellationToken cancellationToken) =>
            core.PostAsync("/core/orders", order, Answer.From("frontend", request, configuration), cancellationToken));
        app.MapGet("/healthz", () => "ok");
        await app.RunAsync();
    }
}
