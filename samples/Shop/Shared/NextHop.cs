using System.Net.Mime;
using System.Text.Json;

namespace Shop;

/// <summary>The service that this one calls, at the address that its configuration names.</summary>
internal sealed class NextHop(HttpClient client)
{
    public async Task<IResult> GetAsync(string path, Answer own, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        return await JoinAsync(response, own, cancellationToken);
    }

    public async Task<IResult> PostAsync(string path, Order order, Answer own, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync(path, order, cancellationToken);
        return await JoinAsync(response, own, cancellationToken);
    }

    private static async Task<IResult> JoinAsync(HttpResponseMessage response, Answer own, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? Results.Json(own with { Upstream = JsonElement.Parse(body) })
            : Results.Text(body, response.Content.Headers.ContentType?.ToString() ?? MediaTypeNames.Text.Plain, statusCode: (int)response.StatusCode);
    }
}
