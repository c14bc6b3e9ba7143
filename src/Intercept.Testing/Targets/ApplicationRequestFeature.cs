using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Testing.Targets;

/// <summary>A request's head as a copy of its own, over the real body.</summary>
internal sealed class ApplicationRequestFeature : IHttpRequestFeature
{
    private string? _protocol;
    private bool _protocolWasRead;

    public ApplicationRequestFeature(IHttpRequestFeature source)
    {
        (Method, Scheme, Protocol) = (source.Method, source.Scheme, source.Protocol);
        (PathBase, Path, QueryString, RawTarget) = (source.PathBase, source.Path, source.QueryString, source.RawTarget);
        Body = source.Body;
        foreach (var (name, values) in source.Headers)
        {
            Headers[name] = values;
        }
    }

    /// <summary>
    /// The real protocol, but not at the first look: that is the test server's, which would put its own reset feature in place of
    /// Kestrel's if it saw HTTP/2. Its own reports the reset as if the application were done, while it still works on a request
    /// that Kestrel then gives to somebody else.
    /// </summary>
    public string Protocol
    {
        get
        {
            if (_protocolWasRead)
            {
                return _protocol!;
            }

            _protocolWasRead = true;
            return "HTTP/1.1";
        }
        set => _protocol = value;
    }

    public string Scheme { get; set; }

    public string Method { get; set; }

    public string PathBase { get; set; }

    public string Path { get; set; }

    public string QueryString { get; set; }

    public string RawTarget { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; }
}
