using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>An answer that is 101 to the application, and on HTTP/2 the 200 without upgrade headers which says the same.</summary>
internal sealed class UpgradeResponseFeature(IHttpResponseFeature inner) : IHttpResponseFeature
{
    private bool _switched;

    public int StatusCode
    {
        get => _switched ? StatusCodes.Status101SwitchingProtocols : inner.StatusCode;
        set => inner.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => inner.ReasonPhrase;
        set => inner.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => inner.Headers;
        set => inner.Headers = value;
    }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body
    {
        get => inner.Body;
        set => inner.Body = value;
    }

    public bool HasStarted => inner.HasStarted;

    public void OnStarting(Func<object, Task> callback, object state) => inner.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => inner.OnCompleted(callback, state);

    public void SwitchProtocols()
    {
        inner.StatusCode = StatusCodes.Status200OK;
        inner.Headers.Remove("Connection");
        inner.Headers.Remove("Upgrade");
        inner.Headers.Remove("Sec-WebSocket-Accept");
        _switched = true;
    }
}
