namespace Intercept.Proxy.Forwarding;

/// <summary>
/// Stands between YARP and the client, and passes on at once what they would keep back: request bytes that wait in the
/// client's buffer, and an answer's head whose body is still to come (an event stream before its first event).
/// </summary>
internal sealed class StreamingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The caller's exchange that a request belongs to.</summary>
    public static readonly HttpRequestOptionsKey<HttpContext> Caller = new("intercept.caller");

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Caller, out var caller))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (request.Content is not null)
        {
            request.Content = new FlushingContent(request.Content);
        }

        var response = await base.SendAsync(request, cancellationToken);
        var isDuplex = response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols || request.Method == HttpMethod.Connect;
        if (!isDuplex)
        {
            response.Content = new PromptContent(response.Content, caller.Response);
        }

        return response;
    }
}
