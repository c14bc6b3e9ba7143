namespace Intercept.HeaderPropagation;

/// <summary>
/// Copies the captured headers of the incoming request to the outgoing one. Clients of <see cref="IHttpClientFactory"/> have it
/// already; for a client made by hand take one from the service provider, set its <see cref="DelegatingHandler.InnerHandler"/> and
/// give it to the <see cref="HttpClient"/>. A header that the request has already is left alone; where there is no incoming request, nothing is copied.
/// </summary>
public sealed class InterceptHeaderPropagationHandler : DelegatingHandler
{
    private readonly CurrentHeaders _current;

    internal InterceptHeaderPropagationHandler(CurrentHeaders current) => _current = current;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        CopyTo(request);
        return base.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        CopyTo(request);
        return base.Send(request, cancellationToken);
    }

    private void CopyTo(HttpRequestMessage request)
    {
        foreach (var header in _current.Value)
        {
            if (!request.Headers.NonValidated.Contains(header.Name))
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Values);
            }
        }
    }
}
