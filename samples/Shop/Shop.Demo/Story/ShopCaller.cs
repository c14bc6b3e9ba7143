using System.Text.Json;
using Intercept;
using Intercept.Testing;

namespace Shop.Demo.Story;

/// <summary>Calls the shop's entrance, from outside, and reads who answered at the end of Frontend → Core → Leaf.</summary>
internal sealed class ShopCaller(InterceptCluster cluster) : IDisposable
{
    public const string InCluster = "in-cluster, stock 12";

    private readonly HttpClient _frontend = cluster.CreateClient("shop/frontend");

    public async Task<string> AskAsync(HeaderRule? header, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (header is not null)
        {
            request.Headers.Add(header.Name, header.Value);
        }

        using var response = await _frontend.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? Leaf(body) : $"status {(int)response.StatusCode}: {body}";
    }

    public void Dispose() => _frontend.Dispose();

    private static string Leaf(string body)
    {
        var leaf = JsonElement.Parse(body).GetProperty("upstream").GetProperty("upstream");
        return $"{leaf.GetProperty("where")}, stock {leaf.GetProperty("stock")}";
    }
}
