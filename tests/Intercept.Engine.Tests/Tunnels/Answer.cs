using System.Net;

namespace Intercept.Engine.Tests.Tunnels;

/// <summary>An answer, and who gave it.</summary>
internal sealed record Answer(HttpStatusCode Status, string? By, string? ServedBy, string? Error, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(
            response.StatusCode,
            headers.GetValueOrDefault(SampleApp.AnsweredBy),
            headers.GetValueOrDefault("x-intercept-served-by"),
            headers.GetValueOrDefault("x-intercept-error"),
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            headers);
    }
}
