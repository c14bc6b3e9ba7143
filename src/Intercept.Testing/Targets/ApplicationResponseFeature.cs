using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>Kestrel's answer, until the application is done; then what it was at that moment.</summary>
internal sealed class ApplicationResponseFeature(IHttpResponseFeature kestrel) : IHttpResponseFeature
{
    private volatile IHttpResponseFeature _current = kestrel;

    public int StatusCode
    {
        get => _current.StatusCode;
        set => _current.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => _current.ReasonPhrase;
        set => _current.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => _current.Headers;
        set => _current.Headers = value;
    }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body
    {
        get => _current.Body;
        set => _current.Body = value;
    }

    public bool HasStarted => _current.HasStarted;

    public void OnStarting(Func<object, Task> callback, object state) => _current.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => _current.OnCompleted(callback, state);

    public void Detach()
    {
        var last = new Finished(_current.HasStarted) { StatusCode = _current.StatusCode, ReasonPhrase = _current.ReasonPhrase };
        foreach (var (name, values) in _current.Headers)
        {
            last.Headers[name] = values;
        }

        _current = last;
    }

    private sealed class Finished(bool hasStarted) : HttpResponseFeature
    {
        public override bool HasStarted => hasStarted;
    }
}
