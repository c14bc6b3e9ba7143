namespace Intercept.HeaderPropagation.Tests;

/// <summary>Stands for the network: keeps what would have been sent.</summary>
internal sealed class RecordingHandler : HttpMessageHandler
{
    public Dictionary<string, string[]> Sent { get; private set; } = [];

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent = request.Headers.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase);
        return new HttpResponseMessage();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));
}
