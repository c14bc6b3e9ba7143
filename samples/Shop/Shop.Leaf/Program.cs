namespace Shop.Leaf;

/// <summary>The last in the chain, on port 3010: knows the stock.</summary>
public sealed class Program
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var configuration = builder.Configuration;
        builder.Services.AddSingleton<IStock, Warehouse>();

        await using var app = builder.Build();
        app.MapGet("/leaf", (HttpRequest request, IStock stock, string article = "apple") =>
            Answer.From("leaf", request, configuration) with { Stock = stock.Count(article) });
        app.MapPost("/leaf/orders", (Order order, HttpRequest request, IStock stock) =>
            Answer.From("leaf", request, configuration) with { Accepted = order.Quantity <= stock.Count(order.Article) });
        app.MapGet("/healthz", () => "ok");
        await app.RunAsync();
    }
}
