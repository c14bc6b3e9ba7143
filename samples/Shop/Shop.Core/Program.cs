namespace Shop.Core;

/// <summary>In the middle, on port 3000: asks Leaf. <c>PROPAGATE=false</c> makes it lose the intercept headers, as a service does that knows nothing of them.</summary>
public sealed class Program
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var configuration = builder.Configuration;
        builder.Services.AddNextHop(configuration["LEAF_URL"] ?? "http://leaf:3010", configuration.GetValue("KEEP_ALIVE", true));
        if (configuration.GetValue("PROPAGATE", true))
        {
            builder.Services.AddInterceptHeaderPropagation();
        }

        await using var app = builder.Build();
        app.MapGet("/core", (HttpRequest request, NextHop leaf, CancellationToken cancellationToken) =>
            leaf.GetAsync("/leaf", Answer.From("core", request, configuration), cancellationToken));
        app.MapPost("/core/orders", (Order order, HttpRequest request, NextHop leaf, CancellationToken cancellationToken) =>
            leaf.PostAsync("/leaf/orders", order, Answer.From("core", request, configuration), cancellationToken));
        app.MapGet("/healthz", () => "ok");
        await app.RunAsync();
    }
}
