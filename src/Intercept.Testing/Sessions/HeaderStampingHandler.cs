namespace Intercept.Testing.Sessions;

/// <summary>Gives each request the session's header, so that the intercept takes it.</summary>
internal sealed class HeaderStampingHandler(HeaderRule rule, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A value that the test itself has set on this request is meant, also where it is another one.
        if (!rule.IsAllTraffic && !request.Headers.NonValidated.Contains(rule.Name))
        {
            request.Headers.TryAddWithoutValidation(rule.Name, rule.Value);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
